// One door to libtorch: c10's dispatcher, called boxed with tagged arguments, plus what the dispatcher does not offer
// (handles, mapped memory, autograd, generators, devices). Builds unchanged against libtorch 1.13 and later, CPU or CUDA.
//
// Ownership: a tensor handle is one owning reference to a TensorImpl. Handles passed in are borrowed, handles passed out
// are owned by the caller and given back by nh_tensor_free.
// Errors: every exported body that can throw runs inside `guard`, which stores the message for nh_last_error and returns
// a nonzero kind.

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cuda_allocator.h"
#include "fused_ops.h"

#define NH_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
template <class T>
using Optional = std::optional<T>;
#else
template <class T>
using Optional = c10::optional<T>;
#endif

// Kept in step with ValueTag in NativeValue.cs.
enum Tag : int32_t {
  TagTensor = 1,
  TagInt = 2,
  TagDouble = 3,
  TagBool = 4,
  TagIntList = 5,
  TagDoubleList = 6,
  TagBoolList = 7,
  TagTensorList = 8,
  TagOptionalTensorList = 9,
  TagDevice = 10,
  TagString = 11,
  TagGenerator = 12,
  TagNone = 13,
};

// Kept in step with TorchErrorKind in TorchLibrary.cs.
enum ErrorKind : int32_t { Ok = 0, Failed = 1, OutOfMemory = 2 };

struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

thread_local std::string last_error;

int32_t store_error(const char* text) {
  last_error = text;
  const bool memory = last_error.find("out of memory") != std::string::npos ||
                      last_error.find("can't allocate memory") != std::string::npos ||
                      last_error.find("not enough memory") != std::string::npos;
  return memory ? OutOfMemory : Failed;
}

template <class Body>
int32_t guard(Body&& body) noexcept {
  try {
    body();
    return Ok;
  } catch (const c10::Error& error) {
    return store_error(error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return store_error("out of memory");
  } catch (const std::exception& error) {
    return store_error(error.what());
  } catch (...) {
    return store_error("unknown native exception");
  }
}

at::Tensor borrow(void* handle) {
  if (handle == nullptr) {
    return at::Tensor();
  }
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(
      static_cast<c10::TensorImpl*>(handle)));
}

void* release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

c10::Device to_device(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(packed >> 8), static_cast<c10::DeviceIndex>((packed & 0xff) - 1));
}

int64_t from_device(c10::Device device) {
  return (static_cast<int64_t>(device.type()) << 8) | (device.index() + 1);
}

c10::Stream current_stream(int64_t packed) {
  const auto device = to_device(packed);
  return c10::impl::VirtualGuardImpl(device.type()).getStream(device);
}

// Later libtorch tells a stream's handle; before that, only the default stream's is known without the device's headers.
template <class Stream>
auto native_handle(const Stream& stream, int) -> decltype(stream.native_handle()) {
  return stream.id() == 0 ? nullptr : stream.native_handle();
}
template <class Stream>
void* native_handle(const Stream& stream, long) {
  TORCH_CHECK(stream.id() == 0, "this libtorch does not tell the handle of ", stream);
  return nullptr;
}

c10::IValue to_ivalue(const Value& value) {
  switch (value.tag) {
    case TagNone:
      return c10::IValue();
    case TagTensor:
      return c10::IValue(borrow(value.p));
    case TagInt:
      return c10::IValue(value.i);
    case TagDouble:
      return c10::IValue(value.d);
    case TagBool:
      return c10::IValue(value.i != 0);
    case TagIntList: {
      auto* data = static_cast<const int64_t*>(value.p);
      return c10::IValue(c10::List<int64_t>(c10::ArrayRef<int64_t>(data, value.count)));
    }
    case TagDoubleList: {
      auto* data = static_cast<const double*>(value.p);
      return c10::IValue(c10::List<double>(c10::ArrayRef<double>(data, value.count)));
    }
    case TagBoolList: {
      c10::List<bool> list;
      for (int32_t index = 0; index < value.count; index++) {
        list.push_back(static_cast<const int64_t*>(value.p)[index] != 0);
      }
      return c10::IValue(list);
    }
    case TagTensorList: {
      c10::List<at::Tensor> list;
      for (int32_t index = 0; index < value.count; index++) {
        list.push_back(borrow(static_cast<void* const*>(value.p)[index]));
      }
      return c10::IValue(list);
    }
    case TagOptionalTensorList: {
      c10::List<Optional<at::Tensor>> list;
      for (int32_t index = 0; index < value.count; index++) {
        void* handle = static_cast<void* const*>(value.p)[index];
        list.push_back(handle == nullptr ? Optional<at::Tensor>() : Optional<at::Tensor>(borrow(handle)));
      }
      return c10::IValue(list);
    }
    case TagDevice:
      return c10::IValue(to_device(value.i));
    case TagString:
      return c10::IValue(std::string(static_cast<const char*>(value.p), value.count));
    case TagGenerator:
      return c10::IValue(*static_cast<at::Generator*>(value.p));
    default:
      TORCH_CHECK(false, "argument with unknown tag ", value.tag);
  }
}

template <class T>
T* allocate(size_t count) {
  auto* memory = static_cast<T*>(std::malloc(sizeof(T) * (count == 0 ? 1 : count)));
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

Value to_value(const c10::IValue& source) {
  Value value{};
  if (source.isNone()) {
    value.tag = TagNone;
  } else if (source.isTensor()) {
    value.tag = TagTensor;
    value.p = release(source.toTensor());
  } else if (source.isInt()) {
    value.tag = TagInt;
    value.i = source.toInt();
  } else if (source.isDouble()) {
    value.tag = TagDouble;
    value.d = source.toDouble();
  } else if (source.isBool()) {
    value.tag = TagBool;
    value.i = source.toBool() ? 1 : 0;
  } else if (source.isTensorList()) {
    auto list = source.toTensorVector();
    auto* data = allocate<void*>(list.size());
    value.tag = TagTensorList;
    value.count = static_cast<int32_t>(list.size());
    value.p = data;
    for (size_t index = 0; index < list.size(); index++) {
      data[index] = release(list[index]);
    }
  } else if (source.isIntList()) {
    auto list = source.toIntVector();
    auto* data = allocate<int64_t>(list.size());
    value.tag = TagIntList;
    value.count = static_cast<int32_t>(list.size());
    value.p = data;
    std::memcpy(data, list.data(), list.size() * sizeof(int64_t));
  } else {
    TORCH_CHECK(false, "result of kind ", source.tagKind(), " cannot cross to managed code");
  }
  return value;
}

// ---- host memory ----

// libtorch asks malloc for every temporary, and malloc gives large blocks back to the kernel at once: of a UNet's step a
// third of the time went into page faults. This allocator keeps freed blocks from a megabyte up, to a limit, for the next
// request they fit.
class CachingHostAllocator final : public c10::Allocator {
 public:
  static CachingHostAllocator& instance() {
    static auto* allocator = new CachingHostAllocator();  // never freed: tensors may outlive static destructors
    return *allocator;
  }

  // Both signatures, without `override`: libtorch dropped the const in 2.3, when it added copy_data.
  c10::DataPtr allocate(size_t size) const { return instance().take(size); }
  c10::DataPtr allocate(size_t size) { return take(size); }
  void copy_data(void* target, const void* source, size_t size) const { std::memcpy(target, source, size); }
  c10::DeleterFnPtr raw_deleter() const override { return &give; }

  void set_limit(size_t limit) {
    std::lock_guard<std::mutex> lock(mutex_);
    limit_ = limit;
    drop_to(limit);
  }

  size_t cached() {
    std::lock_guard<std::mutex> lock(mutex_);
    return cached_;
  }

  void trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    drop_to(0);
  }

 private:
  struct Header {
    void* base;
    size_t room;  // bytes behind the header; 0 in blocks too small to be kept
  };

  static constexpr size_t Alignment = 64;
  static constexpr size_t SmallestKept = size_t(1) << 20;
  static constexpr size_t HugePage = size_t(2) << 20;

  // Eight classes to a power of two: at most an eighth of a block is wasted.
  static size_t size_class(size_t size) {
    size_t step = SmallestKept / 8;
    while (step * 16 < size) {
      step *= 2;
    }
    return (size + step - 1) / step * step;
  }

  static Header* header_of(void* data) { return reinterpret_cast<Header*>(static_cast<char*>(data) - Alignment); }

  static void give(void* data) {
    if (data != nullptr) {
      instance().put(data);
    }
  }

  c10::DataPtr take(size_t size) {
    void* data = size == 0 ? nullptr : size < SmallestKept ? fresh(size, 0) : kept_or_fresh(size_class(size));
    return {data, data, &give, c10::Device(c10::DeviceType::CPU)};
  }

  void* kept_or_fresh(size_t room) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      // The smallest that is large enough, unless more than a third of it would lie idle.
      auto found = kept_.lower_bound(room);
      if (found != kept_.end() && found->first <= room + room / 2) {
        void* data = found->second.back();
        cached_ -= found->first;
        found->second.pop_back();
        if (found->second.empty()) {
          kept_.erase(found);
        }
        return data;
      }
    }
    return fresh(room, room);
  }

  void* fresh(size_t size, size_t room) {
    const size_t alignment = size >= 2 * HugePage ? HugePage : Alignment;
    void* base = nullptr;
    if (posix_memalign(&base, alignment, size + Alignment) != 0) {
      trim();
      if (posix_memalign(&base, alignment, size + Alignment) != 0) {
        TORCH_CHECK(false, "out of memory: ", size, " bytes of host memory could not be had");
      }
    }
#ifdef MADV_HUGEPAGE
    if (alignment == HugePage) {
      madvise(base, size + Alignment, MADV_HUGEPAGE);
    }
#endif
    void* data = static_cast<char*>(base) + Alignment;
    *header_of(data) = {base, room};
    return data;
  }

  void put(void* data) {
    const Header header = *header_of(data);
    if (header.room != 0) {
      std::lock_guard<std::mutex> lock(mutex_);
      if (cached_ + header.room <= limit_) {
        kept_[header.room].push_back(data);
        cached_ += header.room;
        return;
      }
    }
    std::free(header.base);
  }

  void drop_to(size_t limit) {
    for (auto entry = kept_.begin(); entry != kept_.end() && cached_ > limit; entry = kept_.erase(entry)) {
      for (void* data : entry->second) {
        std::free(header_of(data)->base);
        cached_ -= entry->first;
      }
    }
  }

  std::mutex mutex_;
  std::map<size_t, std::vector<void*>> kept_;  // by room; no empty lists
  size_t cached_ = 0;
  size_t limit_ = 0;
};

// One stack per thread saves an allocation per call; a call that re-enters on its own thread gets a fresh one.
struct StackLease {
  static thread_local torch::jit::Stack shared;
  static thread_local bool busy;
  torch::jit::Stack own;
  torch::jit::Stack& stack;
  const bool leased;

  StackLease() : stack(busy ? own : shared), leased(!busy) {
    if (leased) {
      busy = true;
    }
  }
  ~StackLease() {
    stack.clear();
    if (leased) {
      busy = false;
    }
  }
};
thread_local torch::jit::Stack StackLease::shared;
thread_local bool StackLease::busy = false;

}  // namespace

// ---- library ----

NH_EXPORT const char* nh_last_error() { return last_error.c_str(); }
NH_EXPORT const char* nh_torch_version() { return TORCH_VERSION; }
NH_EXPORT void nh_free(void* memory) { std::free(memory); }

NH_EXPORT int32_t nh_set_num_threads(int32_t count) {
  return guard([&] { at::set_num_threads(count); });
}
NH_EXPORT int32_t nh_get_num_threads() { return at::get_num_threads(); }

// Keeps up to so many bytes of freed host memory for reuse.
NH_EXPORT int32_t nh_host_cache_limit(int64_t bytes) {
  return guard([&] {
    auto& allocator = CachingHostAllocator::instance();
    allocator.set_limit(static_cast<size_t>(bytes));
    if (c10::GetCPUAllocator() != &allocator) {
      c10::SetCPUAllocator(&allocator);
    }
  });
}
NH_EXPORT int64_t nh_host_cache_bytes() { return static_cast<int64_t>(CachingHostAllocator::instance().cached()); }
NH_EXPORT void nh_host_cache_trim() {
  CachingHostAllocator::instance().trim();
#ifdef __GLIBC__
  malloc_trim(0);  // what small blocks left in malloc's own arenas
#endif
}

// ---- dispatcher ----

NH_EXPORT void* nh_operator_find(const char* name, const char* overload) {
  void* found = nullptr;
  guard([&] {
    auto schema = c10::Dispatcher::singleton().findSchema({name, overload});
    if (schema.has_value()) {
      found = new c10::OperatorHandle(*schema);
    }
  });
  return found;
}

NH_EXPORT int32_t nh_operator_call(
    void* handle, const Value* arguments, int32_t argument_count, Value* results, int32_t result_capacity,
    int32_t* result_count) {
  return guard([&] {
    auto* op = static_cast<c10::OperatorHandle*>(handle);
    StackLease lease;
    auto& stack = lease.stack;
    for (int32_t index = 0; index < argument_count; index++) {
      stack.emplace_back(to_ivalue(arguments[index]));
    }
    const auto& parameters = op->schema().arguments();
    TORCH_CHECK(
        static_cast<size_t>(argument_count) <= parameters.size(), "expected at most ", parameters.size(),
        " arguments, got ", argument_count);
    for (size_t index = argument_count; index < parameters.size(); index++) {
      const auto& fallback = parameters[index].default_value();
      TORCH_CHECK(fallback.has_value(), "argument '", parameters[index].name(), "' is missing");
      stack.emplace_back(*fallback);
    }
    op->callBoxed(&stack);
    *result_count = 0;
    for (size_t index = 0; index < stack.size() && static_cast<int32_t>(index) < result_capacity; index++) {
      results[index] = to_value(stack[index]);
      (*result_count)++;
    }
  });
}

// ---- tensors ----

NH_EXPORT void nh_tensor_free(void* handle) {
  c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<c10::TensorImpl*>(handle));
}

NH_EXPORT void* nh_tensor_alias(void* handle) { return release(borrow(handle)); }

NH_EXPORT int32_t nh_tensor_dim(void* handle) {
  return static_cast<int32_t>(static_cast<c10::TensorImpl*>(handle)->dim());
}

NH_EXPORT int32_t nh_tensor_layout(
    void* handle, int64_t* sizes, int64_t* strides, int32_t* dtype, int64_t* device) {
  return guard([&] {
    auto* impl = static_cast<c10::TensorImpl*>(handle);
    const auto dim = static_cast<size_t>(impl->dim());
    std::memcpy(sizes, impl->sizes().data(), dim * sizeof(int64_t));
    std::memcpy(strides, impl->strides().data(), dim * sizeof(int64_t));
    *dtype = static_cast<int32_t>(c10::typeMetaToScalarType(impl->dtype()));
    *device = from_device(impl->device());
  });
}

NH_EXPORT int32_t nh_tensor_data(void* handle, void** data) {
  return guard([&] { *data = borrow(handle).data_ptr(); });
}

NH_EXPORT int32_t nh_tensor_from_blob(
    void* data, const int64_t* sizes, int32_t dim, int32_t dtype, void (*on_release)(void*), void* context,
    void** result) {
  return guard([&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
    auto deleter = [on_release, context](void*) {
      if (on_release != nullptr) {
        on_release(context);
      }
    };
    *result = release(at::from_blob(data, at::IntArrayRef(sizes, dim), deleter, options));
  });
}

// ---- autograd ----

NH_EXPORT int32_t nh_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
NH_EXPORT void nh_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

NH_EXPORT int32_t nh_tensor_requires_grad(void* handle) { return borrow(handle).requires_grad() ? 1 : 0; }
NH_EXPORT int32_t nh_tensor_set_requires_grad(void* handle, int32_t requires_grad) {
  return guard([&] { borrow(handle).set_requires_grad(requires_grad != 0); });
}
NH_EXPORT int32_t nh_tensor_grad(void* handle, void** result) {
  return guard([&] { *result = release(borrow(handle).grad()); });
}
NH_EXPORT int32_t nh_tensor_set_grad(void* handle, void* gradient) {
  return guard([&] { borrow(handle).mutable_grad() = borrow(gradient); });
}
NH_EXPORT int32_t nh_tensor_backward(void* handle, void* gradient, int32_t retain_graph, int32_t create_graph) {
  return guard([&] {
    std::vector<at::Tensor> gradients;
    if (gradient != nullptr) {
      gradients.push_back(borrow(gradient));
    }
    torch::autograd::backward({borrow(handle)}, gradients, retain_graph != 0, create_graph != 0);
  });
}
NH_EXPORT int32_t nh_autograd_grad(
    void* output, void* gradient, void* const* inputs, int32_t input_count, int32_t retain_graph,
    int32_t create_graph, void** results) {
  return guard([&] {
    std::vector<at::Tensor> sources;
    for (int32_t index = 0; index < input_count; index++) {
      sources.push_back(borrow(inputs[index]));
    }
    std::vector<at::Tensor> gradients;
    if (gradient != nullptr) {
      gradients.push_back(borrow(gradient));
    }
    auto found = torch::autograd::grad(
        {borrow(output)}, sources, gradients, retain_graph != 0, create_graph != 0, /*allow_unused=*/true);
    for (int32_t index = 0; index < input_count; index++) {
      results[index] = release(found[index]);
    }
  });
}

// ---- random numbers ----

NH_EXPORT int32_t nh_generator_new(int64_t device, uint64_t seed, void** result) {
  return guard([&] {
    // A copy of the device's own generator: the one way to make one that needs no header of the device.
    at::Generator own = at::globalContext().defaultGenerator(to_device(device));
    at::Generator generator;
    {
      std::lock_guard<std::mutex> lock(own.mutex());
      generator = own.clone();
    }
    generator.set_current_seed(seed);
    *result = new at::Generator(generator);
  });
}
NH_EXPORT void nh_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }
NH_EXPORT int32_t nh_generator_seed(void* generator, uint64_t seed) {
  return guard([&] { static_cast<at::Generator*>(generator)->set_current_seed(seed); });
}

// ---- devices ----
// Through c10's interface, which every backend implements: the same lines run for a GPU, the CPU and a backend of a test.

NH_EXPORT int32_t nh_device_parse(const char* text, int64_t* packed) {
  return guard([&] { *packed = from_device(c10::Device(std::string(text))); });
}

NH_EXPORT int32_t nh_device_name(int64_t packed, char* name, int32_t capacity) {
  return guard([&] {
    const auto text = to_device(packed).str();
    TORCH_CHECK(text.size() < static_cast<size_t>(capacity), "the name of device ", text, " is too long");
    std::memcpy(name, text.c_str(), text.size() + 1);
  });
}

// Devices of that kind; 0 where libtorch has no backend for it, or the machine none of them.
NH_EXPORT int32_t nh_device_count(int64_t packed) {
  int32_t count = 0;
  guard([&] {
    const auto type = to_device(packed).type();
    if (c10::impl::hasDeviceGuardImpl(type)) {
      count = c10::impl::VirtualGuardImpl(type).deviceCount();
    }
  });
  return count;
}

NH_EXPORT int32_t nh_device_synchronize(int64_t packed) {
  return guard([&] { current_stream(packed).synchronize(); });
}

// What a kernel of one's own is launched on to run in libtorch's order; null is the device's default stream.
NH_EXPORT int32_t nh_device_stream(int64_t packed, void** stream) {
  return guard([&] { *stream = native_handle(current_stream(packed), 0); });
}

// allocated and reserved bytes of libtorch's allocator for the device; -1 where it does not tell.
NH_EXPORT int32_t nh_device_memory(int64_t packed, int64_t* figures) {
  return guard([&] {
    const auto device = to_device(packed);
    figures[0] = figures[1] = -1;
    if (device.is_cuda()) {
      nodehost::cuda_allocator_memory(device.index(), figures);
    }
  });
}

// Gives cached, unused device memory back to the driver.
NH_EXPORT int32_t nh_device_empty_cache(int64_t packed) {
  return guard([&] {
    if (to_device(packed).is_cuda()) {
      nodehost::cuda_allocator_empty();
    }
  });
}
