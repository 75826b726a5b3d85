// What Verilator makes of the imports of mxemu_pkg.sv, beside the header of the library: a function of other
// types in one of them would not compile.
#include "Vmxfp4_quantizer_tb__Dpi.h"
#include "mxemu_dpi.h"
