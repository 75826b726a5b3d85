#include "conformance/report/style_sheet.hpp"

namespace mxemu::report {

const std::string_view style_sheet = R"css(:root {
  --paper: #ffffff; --ink: #1c2024; --soft: #5b646d; --rule: #d9dee3; --faint: #eef1f4; --panel: #f6f8fa;
  --link: #0b5cad; --good: #116b3c; --good-paper: #e3f5ea; --bad: #b3261e; --bad-paper: #fdeae8;
  --series-1: #0b6fb3; --series-2: #d55e00; --series-3: #00896a; --series-4: #b5498f;
  --series-5: #2fa0dc; --series-6: #a87900; --series-7: #5b4fc4; --series-8: #5c6670;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e4e8ec; --soft: #9aa5b0; --rule: #333b43; --faint: #23292f; --panel: #1b2025;
    --link: #7cb8f2; --good: #6fd39b; --good-paper: #17301f; --bad: #ff9b92; --bad-paper: #3b1c1a;
    --series-1: #4f9fe0; --series-2: #f28a3c; --series-3: #2fc49a; --series-4: #e48fc4;
    --series-5: #93d5f7; --series-6: #e3bf4a; --series-7: #a99dff; --series-8: #aeb7c0;
  }
}
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 980px; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 0.75rem; padding-top: 0.75rem;
  border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
p { max-width: 72ch; margin: 0.75rem 0; overflow-wrap: anywhere; }
a { color: var(--link); }
.subtitle { color: var(--soft); font-size: 1.05rem; margin: 0.35rem 0 0; }
nav ol { display: flex; flex-wrap: wrap; gap: 0.2rem 1.25rem; margin: 1.25rem 0 0; padding: 0; list-style: none;
  font-size: 0.9rem; }
.verdict { max-width: none; padding: 0.6rem 0.9rem; border-left: 4px solid var(--soft); background: var(--panel);
  font-weight: 600; }
.verdict.good { border-color: var(--good); background: var(--good-paper); color: var(--good); }
.verdict.bad { border-color: var(--bad); background: var(--bad-paper); color: var(--bad); }
.verdict.good::before, td.good::before, th.good::before { content: "✓ "; content: "✓ " / "good: "; }
.verdict.bad::before, td.bad::before, th.bad::before { content: "✗ "; content: "✗ " / "bad: "; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0.75rem 1.5rem;
  margin: 1.25rem 0; padding: 0.9rem 1rem; border: 1px solid var(--rule); border-radius: 6px;
  background: var(--panel); }
dt { color: var(--soft); font-size: 0.8rem; }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; max-width: 100%; }
.scroll:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
pre { margin: 1rem 0; padding: 0.8rem 1rem; border: 1px solid var(--rule); border-radius: 6px;
  background: var(--panel); line-height: 1.45; }
pre, .code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.8125rem; }
table { border-collapse: collapse; font-size: 0.875rem; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; font-size: 0.95rem; padding: 0 0 0.5rem; }
th, td { padding: 0.3rem 0.75rem; border-bottom: 1px solid var(--faint); text-align: left; vertical-align: top;
  white-space: nowrap; }
td.text { white-space: normal; min-width: 8rem; }
thead th { border-bottom: 2px solid var(--rule); color: var(--soft); font-size: 0.8125rem; vertical-align: bottom; }
thead th.code { font-family: inherit; }
tbody th { font-weight: 400; }
tbody tr:hover { background: var(--panel); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.good, th.good { white-space: nowrap; color: var(--good); font-weight: 600; }
td.bad, th.bad { white-space: nowrap; color: var(--bad); font-weight: 600; }
figure { margin: 1.75rem 0; }
figcaption { max-width: 84ch; margin: 0 0 0.5rem; font-size: 0.95rem; }
figcaption span, .note { color: var(--soft); font-size: 0.875rem; }
figcaption span { display: block; }
.note { margin: 0.35rem 0 0; }
.legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; margin: 0 0 0.5rem; padding: 0; list-style: none;
  font-size: 0.8125rem; }
.legend li { display: inline-flex; align-items: center; gap: 0.35rem; }
.plot svg { display: block; width: 100%; min-width: 600px; height: auto; }
svg text { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  fill: var(--ink); font-variant-numeric: tabular-nums; }
svg text.name { font: 10px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
svg text.tick, svg text.axis-name, svg text.value { fill: var(--soft); }
svg text.axis-name { font-size: 12px; }
svg text.value { font-size: 10px; }
svg text.small { font-size: 8.5px; }
svg rect { shape-rendering: crispEdges; }
svg text.beside { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg text.panel { font-weight: 600; }
svg text.absent { fill: var(--soft); font-style: italic; font-size: 10px; }
svg text.absent.small { font-size: 8.5px; }
svg text.on-dark { fill: #ffffff; font-size: 10px; }
svg text.on-light { fill: #14171a; font-size: 10px; }
svg text.on-dark, svg text.on-light { pointer-events: none; }
svg .grid { stroke: var(--rule); stroke-width: 1; }
svg .base { stroke: var(--soft); stroke-width: 1; }
svg .stripe { fill: var(--panel); }
svg .hover { fill: transparent; }
svg .hover:hover { fill: var(--ink); fill-opacity: 0.08; }
svg .absent-tile { fill: var(--panel); stroke: var(--rule); stroke-width: 0.5; }
svg .hatch { stroke: var(--soft); stroke-width: 0.8; fill: none; pointer-events: none; }
svg .outline { fill: none; stroke: var(--rule); }
.series-1 { fill: var(--series-1); stroke: var(--series-1); } .series-2 { fill: var(--series-2); stroke: var(--series-2); }
.series-3 { fill: var(--series-3); stroke: var(--series-3); } .series-4 { fill: var(--series-4); stroke: var(--series-4); }
.series-5 { fill: var(--series-5); stroke: var(--series-5); } .series-6 { fill: var(--series-6); stroke: var(--series-6); }
.series-7 { fill: var(--series-7); stroke: var(--series-7); } .series-8 { fill: var(--series-8); stroke: var(--series-8); }
svg .bar { stroke: none; }
svg .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
svg .wash { stroke-width: 1.4; fill-opacity: 0.16; stroke-linejoin: round; }
svg .mark { stroke: var(--paper); stroke-width: 0.8; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; }
  .plot svg { min-width: 0; }
  h2, figcaption, caption { break-after: avoid; }
  .facts, .verdict, figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
)css";

}  // namespace mxemu::report
