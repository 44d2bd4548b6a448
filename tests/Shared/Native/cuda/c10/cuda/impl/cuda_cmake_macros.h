// A stand-in for the header that CMake writes when libtorch is built with CUDA.
#pragma once
