// A stand-in for the CUDA driver's header; libtorch includes it and uses nothing of it where the shim does.
#pragma once
