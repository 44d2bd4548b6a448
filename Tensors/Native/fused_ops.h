// Operators of our own on the CPU, where libtorch takes several passes over the same numbers. Registered with the dispatcher
// beside libtorch's, so that they are called like those; each has its plain-operator twin in Functional.cs.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <cmath>
#include <cstdint>
#include <cstring>

// The best of the processor's vector units, chosen when the library is loaded; the shim itself is compiled for any x86-64.
#if defined(__x86_64__) && defined(__GNUC__) && __GNUC__ >= 12 && !defined(__clang__)
#define NH_VECTORISED \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), \
                 optimize("O3", "no-trapping-math", "no-math-errno")))
#else
#define NH_VECTORISED
#endif

namespace nodehost {

// x / (1 + exp(-2u)) with u = sqrt(2 / pi) (x + 0.044715 x^3), which is x (1 + tanh u) / 2. The exponential is a power of two
// by its exponent bits times a polynomial on [-ln 2 / 2, ln 2 / 2]; its error is below 2e-7 of the value.
NH_VECTORISED inline void gelu_tanh_row(const float* x, float* result, int64_t count) {
  constexpr float Factor = -2.0f * 0.7978845608028654f;
  constexpr float Cubic = 0.044715f;
  constexpr float Limit = 87.0f;
  constexpr float Log2E = 1.44269504088896341f;
  constexpr float Ln2High = 0.693359375f;
  constexpr float Ln2Low = -2.12194440e-4f;
  constexpr float Rounding = 12582912.0f;  // 1.5 * 2^23: its sum with a small number has that number, rounded, in its last bits
  for (int64_t index = 0; index < count; index++) {
    const float value = x[index];
    float power = Factor * (value + Cubic * value * value * value);
    power = power < -Limit ? -Limit : power;
    power = power > Limit ? Limit : power;
    const float shifted = power * Log2E + Rounding;
    const float whole = shifted - Rounding;
    const float rest = (power - whole * Ln2High) - whole * Ln2Low;
    float series = 1.0f / 720.0f;
    series = series * rest + 1.0f / 120.0f;
    series = series * rest + 1.0f / 24.0f;
    series = series * rest + 1.0f / 6.0f;
    series = series * rest + 0.5f;
    series = series * rest + 1.0f;
    series = series * rest + 1.0f;
    int32_t bits;
    __builtin_memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127) << 23;
    float scale;
    __builtin_memcpy(&scale, &bits, sizeof scale);
    result[index] = value / (1.0f + series * scale);
  }
}

// One head: brought to a root mean square of one, scaled by feature, and each pair of features turned by an angle.
NH_VECTORISED inline void norm_turn_head(
    const float* x, const float* scale, const float* rotations, float* result, int64_t width, float epsilon) {
  constexpr int64_t Lanes = 16;  // sums side by side, as many as a vector holds
  float sums[Lanes] = {};
  int64_t done = 0;
  for (; done + Lanes <= width; done += Lanes) {
    for (int64_t lane = 0; lane < Lanes; lane++) {
      sums[lane] += x[done + lane] * x[done + lane];
    }
  }
  float sum = 0;
  for (; done < width; done++) {
    sum += x[done] * x[done];
  }
  for (const float part : sums) {
    sum += part;
  }
  const float inverse = 1.0f / std::sqrt(sum / static_cast<float>(width) + epsilon);
  for (int64_t pair = 0; pair < width / 2; pair++) {
    const float first = x[2 * pair] * inverse * scale[2 * pair];
    const float second = x[2 * pair + 1] * inverse * scale[2 * pair + 1];
    const float cosine = rotations[2 * pair];
    const float sine = rotations[2 * pair + 1];
    result[2 * pair] = first * cosine - second * sine;
    result[2 * pair + 1] = first * sine + second * cosine;
  }
}

// Rows of the last dimension that lie at one distance from each other, or a copy of which they do.
inline at::Tensor regular_rows(const at::Tensor& x) {
  bool regular = x.dim() >= 2 && x.stride(-1) == 1;
  for (int64_t dimension = 0; regular && dimension < x.dim() - 2; dimension++) {
    regular = x.size(dimension) == 1 || x.stride(dimension) == x.stride(dimension + 1) * x.size(dimension + 1);
  }
  return regular ? x : x.contiguous();
}

inline at::Tensor gelu_tanh(const at::Tensor& given) {
  TORCH_CHECK(given.scalar_type() == at::kFloat, "expected float32, got ", given.scalar_type());
  const auto x = regular_rows(given);
  const auto result = at::empty(x.sizes(), x.options());
  const bool flat = x.is_contiguous();
  const int64_t width = flat ? x.numel() : x.size(-1);
  if (x.numel() == 0) {
    return result;
  }
  const int64_t rows = x.numel() / width;
  const int64_t step = flat ? width : x.stride(-2);
  const auto* source = x.data_ptr<float>();
  auto* target = result.data_ptr<float>();
  constexpr int64_t Grain = 65536;  // elements that are worth waking a thread for
  if (flat) {
    at::parallel_for(0, width, Grain, [&](int64_t begin, int64_t end) {
      gelu_tanh_row(source + begin, target + begin, end - begin);
    });
  } else {
    at::parallel_for(0, rows, std::max<int64_t>(1, Grain / width), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        gelu_tanh_row(source + row * step, target + row * width, width);
      }
    });
  }
  return result;
}

// x [B, tokens, n, heads, D] normalised and turned; scales [n, 1, D], rotations [1, tokens, 1, 1, D / 2] complex.
inline at::Tensor norm_turn(
    const at::Tensor& x, const at::Tensor& scales, const at::Tensor& rotations, double epsilon) {
  TORCH_CHECK(x.dim() == 5 && x.scalar_type() == at::kFloat && x.size(4) % 2 == 0, "x must be float32 [B, L, n, heads, D]");
  const auto batch = x.size(0), tokens = x.size(1), parts = x.size(2), heads = x.size(3), width = x.size(4);
  TORCH_CHECK(
      scales.numel() == parts * width && rotations.numel() == tokens * width / 2 && rotations.is_complex(),
      "scales must be [", parts, ", 1, ", width, "], rotations [1, ", tokens, ", 1, 1, ", width / 2, "] complex");
  const auto source = x.stride(4) == 1 ? x : x.contiguous();
  const auto factors = scales.to(at::kFloat).contiguous();
  const auto turns = at::view_as_real(rotations).contiguous();
  const auto result = at::empty({batch, tokens, parts, heads, width}, x.options());
  const auto strides = source.strides();
  const auto* data = source.data_ptr<float>();
  const auto* factor = factors.data_ptr<float>();
  const auto* turn = turns.data_ptr<float>();
  auto* target = result.data_ptr<float>();
  constexpr int64_t Grain = 65536;
  const auto grain = std::max<int64_t>(1, Grain / (parts * heads * width));
  at::parallel_for(0, batch * tokens, grain, [&](int64_t begin, int64_t end) {
    for (int64_t place = begin; place < end; place++) {
      const int64_t sample = place / tokens, token = place % tokens;
      for (int64_t part = 0; part < parts; part++) {
        for (int64_t head = 0; head < heads; head++) {
          norm_turn_head(
              data + sample * strides[0] + token * strides[1] + part * strides[2] + head * strides[3],
              factor + part * width, turn + token * width,
              target + ((place * parts + part) * heads + head) * width, width, static_cast<float>(epsilon));
        }
      }
    }
  });
  return result;
}

}  // namespace nodehost

TORCH_LIBRARY(nodehost, library) {
  library.def("gelu_tanh(Tensor x) -> Tensor");
  library.def("norm_turn(Tensor x, Tensor scales, Tensor rotations, float epsilon) -> Tensor");
}

TORCH_LIBRARY_IMPL(nodehost, CPU, library) {
  library.impl("gelu_tanh", &nodehost::gelu_tanh);
  library.impl("norm_turn", &nodehost::norm_turn);
}
