// An addon as addons are written today: one AsyncWorker, and one promise, for
// each call.
#include <napi.h>

namespace {

class NoopWorker : public Napi::AsyncWorker {
 public:
  explicit NoopWorker(Napi::Env env)
      : Napi::AsyncWorker(env), deferred_(Napi::Promise::Deferred::New(env)) {}

  Napi::Promise Promise() const { return deferred_.Promise(); }

 protected:
  // On a thread of libuv's pool.
  void Execute() override {}

  void OnOK() override { deferred_.Resolve(Env().Undefined()); }

  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
};

Napi::Value Noop(const Napi::CallbackInfo& info) {
  auto* worker = new NoopWorker(info.Env());  // deletes itself
  Napi::Promise promise = worker->Promise();
  worker->Queue();
  return promise;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("noop", Napi::Function::New(env, Noop, "noop"));
  return exports;
}

}  // namespace

NODE_API_MODULE(rival, Init)
