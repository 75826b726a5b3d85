// Stands in for the comparison with the CUDA toolkit where its headers were not found.
#include <gtest/gtest.h>

TEST(CudaHost, EncodesAndDecodesAsTheReference) {
  GTEST_SKIP() << "cuda_fp8.h, cuda_fp6.h and cuda_fp4.h were not found when this build was configured; "
                  "install the CUDA toolkit (12.8 or later) or set CUDA_HOME";
}
