// The one part of the shim that needs CUDA's headers: what libtorch's caching allocator says of itself. It has a file of its
// own so that a test compiles it where there is no CUDA toolkit, against libtorch's headers and a stand-in for CUDA's.
#pragma once

#include <cstdint>

#if __has_include(<cuda_runtime_api.h>) && __has_include(<c10/cuda/CUDACachingAllocator.h>)
#include <c10/cuda/CUDACachingAllocator.h>
#define NODEHOST_CUDA 1
#endif

namespace nodehost {

// allocated and reserved bytes; left alone where the shim was built without CUDA.
inline void cuda_allocator_memory(int index, int64_t* figures) {
#ifdef NODEHOST_CUDA
  const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(index);
  figures[0] = stats.allocated_bytes[0].current;
  figures[1] = stats.reserved_bytes[0].current;
#else
  (void)index;
  (void)figures;
#endif
}

inline void cuda_allocator_empty() {
#ifdef NODEHOST_CUDA
  c10::cuda::CUDACachingAllocator::emptyCache();
#endif
}

}  // namespace nodehost
