/* An ordinary addon for require(), and a library of tasks for heddle's load(): one
 * file, built once. */
#include <heddle.hpp>
#include <napi.h>

#include "primes.hpp"

namespace {

/* ---- For require(): runs on JavaScript's thread --------------------------- */

Napi::Value PrimesSync(const Napi::CallbackInfo &info) {
  if (info.Length() < 1 || !info[0].IsNumber())
    throw Napi::TypeError::New(info.Env(), "primesSync: a number is needed");
  auto primes = find_primes(info[0].As<Napi::Number>().Uint32Value(), [](double) {});
  auto result = Napi::Uint32Array::New(info.Env(), primes.size());
  std::copy(primes.begin(), primes.end(), result.Data());
  return result;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("primesSync", Napi::Function::New(env, PrimesSync, "primesSync"));
  return exports;
}

/* ---- For load(): runs on a thread of heddle's ------------------------------ */

std::vector<std::uint32_t> Primes(heddle::call &call) {
  return find_primes(call.get<std::uint32_t>(0), [&](double fraction) {
    call.poll();
    call.progress(fraction);
  });
}

const heddle_task tasks[] = {
    {"primes", "limit: u32(0..1000000000) -> u32[]", heddle::task<Primes>, 0},
};

} // namespace

NODE_API_MODULE(primes, Init)
HEDDLE_MODULE("primes", tasks)
