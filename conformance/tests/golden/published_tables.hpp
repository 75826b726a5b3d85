// The tables of the published formats, typed by hand from the public descriptions of OCP MX v1.0 and OFP8
// v1.0. Nothing here is computed from the rows of spec/: that is the point of it.
#pragma once

#include <cstdint>
#include <vector>

#include "spec/element_format.hpp"

namespace mxemu::golden {

struct CodeAndValue {
  int code;
  double value;
};

struct PublishedElement {
  spec::ElementType type;
  const char* name;
  int bits;
  int bias;
  int emax;
  int max_finite_code;
  int min_normal_code;
  std::vector<CodeAndValue> landmarks;  ///< codes with finite values
  std::vector<int> infinities;
  std::vector<int> nans;
};

/// The element formats of MX. INT8 has no bias and no normal numbers: 0 and the code of 1 stand there.
inline const std::vector<PublishedElement>& published_elements() {
  using spec::ElementType;
  static const std::vector<PublishedElement> table = {
      {ElementType::E4M3,
       "E4M3",
       8,
       7,
       8,
       0x7e,
       0x08,
       {{0x00, 0.0},
        {0x80, -0.0},
        {0x01, 0x1p-9},
        {0x07, 7 * 0x1p-9},
        {0x08, 0x1p-6},
        {0x38, 1.0},
        {0x78, 256.0},
        {0x7d, 416.0},
        {0x7e, 448.0},
        {0x81, -0x1p-9},
        {0xb8, -1.0},
        {0xfe, -448.0}},
       {},
       {0x7f, 0xff}},
      {ElementType::E5M2,
       "E5M2",
       8,
       15,
       15,
       0x7b,
       0x04,
       {{0x00, 0.0},
        {0x80, -0.0},
        {0x01, 0x1p-16},
        {0x03, 3 * 0x1p-16},
        {0x04, 0x1p-14},
        {0x3c, 1.0},
        {0x78, 32768.0},
        {0x7a, 49152.0},
        {0x7b, 57344.0},
        {0x81, -0x1p-16},
        {0xbc, -1.0},
        {0xfb, -57344.0}},
       {0x7c, 0xfc},
       {0x7d, 0x7e, 0x7f, 0xfd, 0xfe, 0xff}},
      {ElementType::E3M2,
       "E3M2",
       6,
       3,
       4,
       0x1f,
       0x04,
       {{0x00, 0.0},   {0x01, 0.0625}, {0x02, 0.125}, {0x03, 0.1875},  {0x04, 0.25}, {0x05, 0.3125},
        {0x06, 0.375}, {0x07, 0.4375}, {0x08, 0.5},   {0x09, 0.625},   {0x0a, 0.75}, {0x0b, 0.875},
        {0x0c, 1.0},   {0x0d, 1.25},   {0x0e, 1.5},   {0x0f, 1.75},    {0x10, 2.0},  {0x11, 2.5},
        {0x12, 3.0},   {0x13, 3.5},    {0x14, 4.0},   {0x15, 5.0},     {0x16, 6.0},  {0x17, 7.0},
        {0x18, 8.0},   {0x19, 10.0},   {0x1a, 12.0},  {0x1b, 14.0},    {0x1c, 16.0}, {0x1d, 20.0},
        {0x1e, 24.0},  {0x1f, 28.0},   {0x20, -0.0},  {0x21, -0.0625}, {0x2c, -1.0}, {0x3f, -28.0}},
       {},
       {}},
      {ElementType::E2M3,
       "E2M3",
       6,
       1,
       2,
       0x1f,
       0x08,
       {{0x00, 0.0},  {0x01, 0.125}, {0x02, 0.25}, {0x03, 0.375},  {0x04, 0.5},  {0x05, 0.625},
        {0x06, 0.75}, {0x07, 0.875}, {0x08, 1.0},  {0x09, 1.125},  {0x0a, 1.25}, {0x0b, 1.375},
        {0x0c, 1.5},  {0x0d, 1.625}, {0x0e, 1.75}, {0x0f, 1.875},  {0x10, 2.0},  {0x11, 2.25},
        {0x12, 2.5},  {0x13, 2.75},  {0x14, 3.0},  {0x15, 3.25},   {0x16, 3.5},  {0x17, 3.75},
        {0x18, 4.0},  {0x19, 4.5},   {0x1a, 5.0},  {0x1b, 5.5},    {0x1c, 6.0},  {0x1d, 6.5},
        {0x1e, 7.0},  {0x1f, 7.5},   {0x20, -0.0}, {0x21, -0.125}, {0x28, -1.0}, {0x3f, -7.5}},
       {},
       {}},
      {ElementType::E2M1,
       "E2M1",
       4,
       1,
       2,
       0x7,
       0x2,
       {{0x0, 0.0},
        {0x1, 0.5},
        {0x2, 1.0},
        {0x3, 1.5},
        {0x4, 2.0},
        {0x5, 3.0},
        {0x6, 4.0},
        {0x7, 6.0},
        {0x8, -0.0},
        {0x9, -0.5},
        {0xa, -1.0},
        {0xb, -1.5},
        {0xc, -2.0},
        {0xd, -3.0},
        {0xe, -4.0},
        {0xf, -6.0}},
       {},
       {}},
      {ElementType::INT8,
       "INT8",
       8,
       0,
       0,
       0x7f,
       0x40,
       {{0x00, 0.0},
        {0x01, 1.0 / 64},
        {0x20, 0.5},
        {0x40, 1.0},
        {0x7f, 1.984375},
        {0x80, -2.0},
        {0x81, -1.984375},
        {0xc0, -1.0},
        {0xff, -1.0 / 64}},
       {},
       {}},
  };
  return table;
}

/// E8M0: no sign, no zero, no infinity; 0xff is its only NaN.
inline constexpr CodeAndValue published_scales[] = {
    {0x00, 0x1p-127}, {0x01, 0x1p-126}, {0x7e, 0.5},     {0x7f, 1.0},
    {0x80, 2.0},      {0xfd, 0x1p126},  {0xfe, 0x1p127},
};
inline constexpr int published_scale_nan = 0xff;

}  // namespace mxemu::golden
