// A second device for tests, where there is no GPU: "privateuseone", whose memory is the host's and whose every operator runs
// on the CPU's kernels, on the same bytes. A tensor of another device among the arguments is refused, as CUDA does; results
// are the CPU's, bit for bit; and the bytes it holds are counted.
//
// c10 keeps the PrivateUse1 slot for backends outside of PyTorch: what goes through it here (device arguments, guards,
// copies between devices, boxed calls) is what goes through CUDA's slot elsewhere.

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <atomic>
#include <cstring>
#include <vector>

namespace {

constexpr auto Type = c10::DeviceType::PrivateUse1;

std::atomic<int64_t> live_bytes{0};
std::atomic<int64_t> peak_bytes{0};

const c10::Device twin(Type, 0);

// Keeps a host tensor alive, and its bytes counted, for as long as a twin's storage uses its memory.
struct Holding {
  at::Tensor host;
  int64_t bytes;

  explicit Holding(at::Tensor tensor) : host(std::move(tensor)), bytes(host.storage().nbytes()) {
    const int64_t now = live_bytes += bytes;
    int64_t peak = peak_bytes;
    while (peak < now && !peak_bytes.compare_exchange_weak(peak, now)) {
    }
  }
  ~Holding() { live_bytes -= bytes; }

  static void release(void* context) { delete static_cast<Holding*>(context); }
};

at::Tensor view(const c10::Storage& storage, c10::DispatchKey key, const at::Tensor& like, int64_t offset) {
  auto tensor = at::detail::make_tensor<c10::TensorImpl>(c10::Storage(storage), c10::DispatchKeySet(key), like.dtype());
  tensor.unsafeGetTensorImpl()->set_storage_offset(offset);
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(like.sizes(), like.strides());
  return tensor;
}

at::Tensor to_twin(const at::Tensor& host) {
  void* data = host.storage().data_ptr().get();
  const size_t bytes = host.storage().nbytes();
  c10::Storage storage(
      c10::Storage::use_byte_size_t(), bytes, c10::DataPtr(data, new Holding(host), &Holding::release, twin));
  return view(storage, c10::DispatchKey::PrivateUse1, host, host.storage_offset());
}

// The same storage as a CPU tensor, which may not outlive the twin.
at::Tensor to_host(const at::Tensor& tensor) {
  if (tensor.numel() == 0) {
    return at::empty_strided(tensor.sizes(), tensor.strides(), at::TensorOptions().dtype(tensor.dtype()));
  }
  c10::Storage storage(
      c10::Storage::use_byte_size_t(), tensor.storage().nbytes(),
      c10::DataPtr(tensor.storage().data_ptr().get(), c10::Device(c10::DeviceType::CPU)));
  return view(storage, c10::DispatchKey::CPU, tensor, tensor.storage_offset());
}

bool is_twin(const at::Tensor& tensor) { return tensor.defined() && tensor.device().type() == Type; }

struct Call {
  const c10::OperatorHandle& op;
  const bool mixes;
  std::vector<at::Tensor> twins;
  std::vector<at::Tensor> hosts;

  at::Tensor argument(const at::Tensor& tensor) {
    if (!is_twin(tensor)) {
      TORCH_CHECK(
          mixes || !tensor.defined() || tensor.dim() == 0, op.schema().name(),
          ": Expected all tensors to be on the same device, but found at least two devices, ", twin, " and ",
          tensor.device(), ", where ", tensor.sizes());
      return tensor;
    }
    twins.push_back(tensor);
    hosts.push_back(to_host(tensor));
    return hosts.back();
  }

  c10::IValue argument(const c10::IValue& value) {
    if (value.isTensor()) {
      return argument(value.toTensor());
    }
    if (value.isDevice() && value.toDevice().type() == Type) {
      return c10::Device(c10::DeviceType::CPU);
    }
    if (value.isTensorList()) {
      c10::List<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) {
        list.push_back(argument(tensor));
      }
      return list;
    }
    if (value.isOptionalTensorList()) {
      c10::List<c10::optional<at::Tensor>> list;
      for (const c10::optional<at::Tensor>& tensor : value.toOptionalTensorVector()) {
        list.push_back(tensor.has_value() ? c10::optional<at::Tensor>(argument(*tensor)) : c10::nullopt);
      }
      return list;
    }
    return value;
  }

  at::Tensor result(const at::Tensor& host) {
    if (!host.defined()) {
      return host;
    }
    for (size_t index = 0; index < hosts.size(); index++) {
      if (host.is_same(hosts[index])) {
        return twins[index];
      }
      if (host.numel() > 0 && host.storage().data_ptr().get() == hosts[index].storage().data_ptr().get()) {
        return view(twins[index].storage(), c10::DispatchKey::PrivateUse1, host, host.storage_offset());
      }
    }
    return to_twin(host);
  }

  c10::IValue result(const c10::IValue& value) {
    if (value.isTensor()) {
      return result(value.toTensor());
    }
    if (value.isTensorList()) {
      c10::List<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) {
        list.push_back(result(tensor));
      }
      return list;
    }
    return value;
  }

  // Outputs that the operator gave another size, and with it other memory.
  void take_resized() {
    for (size_t index = 0; index < hosts.size(); index++) {
      const auto& host = hosts[index];
      if (host.sizes() != twins[index].sizes()) {
        const auto fresh = to_twin(host);
        auto* target = twins[index].unsafeGetTensorImpl();
        target->set_storage_keep_dtype(fresh.storage());
        target->set_storage_offset(fresh.storage_offset());
        target->set_sizes_and_strides(fresh.sizes(), fresh.strides());
      }
    }
  }
};

void run(const c10::OperatorHandle& op, torch::jit::Stack* stack, bool mixes) {
  Call call{op, mixes, {}, {}};
  const auto begin = stack->size() - op.schema().arguments().size();
  for (size_t index = begin; index < stack->size(); index++) {
    (*stack)[index] = call.argument((*stack)[index]);
  }
  op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  call.take_resized();
  for (size_t index = begin; index < stack->size(); index++) {
    (*stack)[index] = call.result((*stack)[index]);
  }
}

void on_host(const c10::OperatorHandle& op, torch::jit::Stack* stack) { run(op, stack, /*mixes=*/false); }
void between_devices(const c10::OperatorHandle& op, torch::jit::Stack* stack) { run(op, stack, /*mixes=*/true); }

using Guard = c10::impl::NoOpDeviceGuardImpl<Type>;
C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard);

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&on_host>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("copy_", torch::CppFunction::makeFromBoxedFunction<&between_devices>());
  // Elsewhere made of other operators, which would round otherwise than the CPU's own.
  library.impl("convolution", torch::CppFunction::makeFromBoxedFunction<&on_host>());
  library.impl("native_layer_norm", torch::CppFunction::makeFromBoxedFunction<&on_host>());
  library.impl("native_group_norm", torch::CppFunction::makeFromBoxedFunction<&on_host>());
}

}  // namespace

#define TWIN_EXPORT extern "C" __attribute__((visibility("default")))

TWIN_EXPORT int64_t twin_live_bytes() { return live_bytes; }
TWIN_EXPORT int64_t twin_peak_bytes() { return peak_bytes; }
TWIN_EXPORT int64_t twin_reset_peak() { return peak_bytes = live_bytes.load(); }

// ---- the functions of NVIDIA's driver that Tensors calls, for one GPU ----

struct FakeGpu {
  static constexpr size_t Total = size_t(80) << 30;
  static constexpr size_t Free = size_t(72) << 30;
  static constexpr int NotFound = 101;
  static constexpr int NoContext = 201;
};

static int pushed_contexts = 0;
static int retained_contexts = 0;

TWIN_EXPORT int cuInit(unsigned) { return 0; }
TWIN_EXPORT int cuDeviceGet(int* device, int index) {
  *device = index;
  return index == 0 ? 0 : FakeGpu::NotFound;
}
TWIN_EXPORT int cuDeviceGetName(char* name, int, int) {
  std::strcpy(name, "Twin GPU");
  return 0;
}
TWIN_EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case 13: *value = 1980000; return 0;
    case 16: *value = 132; return 0;
    case 75: *value = 9; return 0;
    case 76: *value = 0; return 0;
    default: return 1;
  }
}
TWIN_EXPORT int cuDevicePrimaryCtxRetain(void** context, int) {
  *context = &retained_contexts;
  retained_contexts++;
  return 0;
}
TWIN_EXPORT int cuDevicePrimaryCtxRelease_v2(int) {
  retained_contexts--;
  return 0;
}
TWIN_EXPORT int cuCtxPushCurrent_v2(void*) {
  pushed_contexts++;
  return 0;
}
TWIN_EXPORT int cuCtxPopCurrent_v2(void**) {
  pushed_contexts--;
  return 0;
}
TWIN_EXPORT int cuMemGetInfo_v2(size_t* free_bytes, size_t* total_bytes) {
  if (pushed_contexts == 0) {
    return FakeGpu::NoContext;
  }
  *free_bytes = FakeGpu::Free;
  *total_bytes = FakeGpu::Total;
  return 0;
}
TWIN_EXPORT int cuGetErrorName(int status, const char** name) {
  *name = status == FakeGpu::NotFound ? "CUDA_ERROR_INVALID_DEVICE" : "CUDA_ERROR_UNKNOWN";
  return 0;
}
TWIN_EXPORT int64_t twin_held_contexts() { return pushed_contexts + retained_contexts; }
