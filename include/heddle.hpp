/* heddle.hpp: heddle.h for C++17. Header only.
 *
 *   std::vector<double> scaled(heddle::call &call) {
 *     std::vector<double> result;
 *     for (double value : call.array<double>(0))
 *       result.push_back(value * call.get<double>(1));
 *     return result;
 *   }
 *
 *   static const heddle_task tasks[] = {
 *       {"scaled", "values: f64[], factor: f64 -> f64[]", heddle::task<scaled>, 0}};
 *   HEDDLE_MODULE("example", tasks)
 *
 * What a function returns becomes the result, and what it throws the error. An
 * exception must not leave a task that was not wrapped by heddle::task: the host
 * is C, and the process would end.
 *
 * Threads and ownership are those of heddle.h. */
#ifndef HEDDLE_HPP
#define HEDDLE_HPP

#include "heddle.h"

#include <atomic>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace heddle {

/* An error of the task's own: thrown, it becomes a HeddleError with the code, or
 * an error of the class that `kind` says. Since ABI 1. */
class error : public std::runtime_error {
public:
  error(std::string code, const std::string &message, heddle_error_kind kind = HEDDLE_HEDDLE_ERROR)
      : std::runtime_error(message), code_(std::move(code)), kind_(kind) {
  }
  const char *code() const noexcept {
    return code_.c_str();
  }
  heddle_error_kind kind() const noexcept {
    return kind_;
  }

private:
  std::string code_;
  heddle_error_kind kind_;
};

/* Thrown by call::poll() when the result is no longer wanted. Since ABI 1. */
struct cancelled {};

/* Thrown when a function of heddle.h failed, which has set the error. Since ABI 1. */
struct failed {};

/* Elements in memory that belongs to someone else. Since ABI 1. */
template <class T> class view {
public:
  view(const T *data, std::size_t size) noexcept : data_(data), size_(size) {
  }
  const T *data() const noexcept {
    return data_;
  }
  std::size_t size() const noexcept {
    return size_;
  }
  bool empty() const noexcept {
    return size_ == 0;
  }
  const T &operator[](std::size_t index) const noexcept {
    return data_[index];
  }
  const T *begin() const noexcept {
    return data_;
  }
  const T *end() const noexcept {
    return data_ + size_;
  }

private:
  const T *data_;
  std::size_t size_;
};

namespace detail {

template <class T> struct is_vector : std::false_type {};
template <class T, class A> struct is_vector<std::vector<T, A>> : std::true_type {};
template <class T> struct is_optional : std::false_type {};
template <class T> struct is_optional<std::optional<T>> : std::true_type {};
template <class T> constexpr bool never = false;

/* The element of a typed array of T. */
template <class T> constexpr heddle_element element() {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>, "an array of numbers");
  if constexpr (std::is_floating_point_v<T>) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "float or double");
    return sizeof(T) == 4 ? HEDDLE_ELEMENT_F32 : HEDDLE_ELEMENT_F64;
  } else if constexpr (std::is_signed_v<T>) {
    return sizeof(T) == 1   ? HEDDLE_ELEMENT_I8
           : sizeof(T) == 2 ? HEDDLE_ELEMENT_I16
           : sizeof(T) == 4 ? HEDDLE_ELEMENT_I32
                            : HEDDLE_ELEMENT_I64;
  } else {
    return sizeof(T) == 1   ? HEDDLE_ELEMENT_U8
           : sizeof(T) == 2 ? HEDDLE_ELEMENT_U16
           : sizeof(T) == 4 ? HEDDLE_ELEMENT_U32
                            : HEDDLE_ELEMENT_U64;
  }
}

inline void check(heddle_status status) {
  if (status == HEDDLE_CANCELLED)
    throw cancelled{};
  if (status != HEDDLE_OK)
    throw failed{};
}

template <class T> T *check(T *memory) {
  if (memory == nullptr)
    throw failed{};
  return memory;
}

} // namespace detail

/* A call of a task. Refers to the heddle_call, which must outlive it. */
class call {
public:
  explicit call(heddle_call *raw) noexcept : raw_(raw) {
  }

  /* For the functions of heddle.h. Since ABI 1. */
  heddle_call *raw() const noexcept {
    return raw_;
  }

  /* Throws heddle::cancelled when the result is no longer wanted. Also on the
   * threads of loop(). Since ABI 1. */
  void poll() const {
    if (heddle_cancelled(raw_))
      throw cancelled{};
  }

  /* 0 to 1, never less than before. Since ABI 1. */
  void progress(double fraction) {
    heddle_progress(raw_, fraction);
  }

  /* ---- Arguments, by their index ---- */

  /* Whether an optional argument was given. Since ABI 1. */
  bool has(std::uint32_t index) const {
    return at(index).type != HEDDLE_UNDEFINED;
  }

  /* bool, std::int32_t, std::uint32_t, double, std::int64_t, std::uint64_t or
   * std::string_view, as the signature says. Since ABI 1. */
  template <class T> T get(std::uint32_t index) const {
    const heddle_value &value = at(index);
    if constexpr (std::is_same_v<T, bool>)
      return expect(value, HEDDLE_BOOL).as.boolean != 0;
    else if constexpr (std::is_same_v<T, std::int32_t>)
      return expect(value, HEDDLE_I32).as.i32;
    else if constexpr (std::is_same_v<T, std::uint32_t>)
      return expect(value, HEDDLE_U32).as.u32;
    else if constexpr (std::is_same_v<T, double>)
      return expect(value, HEDDLE_F64).as.f64;
    else if constexpr (std::is_same_v<T, std::int64_t>)
      return expect(value, HEDDLE_I64).as.i64;
    else if constexpr (std::is_same_v<T, std::uint64_t>)
      return expect(value, HEDDLE_U64).as.u64;
    else if constexpr (std::is_same_v<T, std::string_view>)
      return std::string_view(expect(value, HEDDLE_STRING).as.string, value.length);
    else
      static_assert(detail::never<T>, "there are no arguments of this type");
  }

  /* A typed array of T, where JavaScript has it. Since ABI 1. */
  template <class T> view<T> array(std::uint32_t index) const {
    const heddle_value &value = expect(at(index), HEDDLE_ARRAY);
    bool clamped = value.element == HEDDLE_ELEMENT_U8C && std::is_same_v<T, std::uint8_t>;
    if (value.element != detail::element<T>() && !clamped)
      throw error("ERR_HEDDLE_ARGUMENT", "the argument is an array of another type");
    return view<T>(static_cast<const T *>(value.as.data), value.length);
  }

  /* All of a bytes argument; a file is read as a whole. Since ABI 1. */
  view<unsigned char> bytes(std::uint32_t index) {
    const void *data;
    std::size_t length;
    detail::check(heddle_read_all(raw_, index, &data, &length));
    return view<unsigned char>(static_cast<const unsigned char *>(data), length);
  }

  /* ---- Work ---- */

  /* heddle_for(): calls body(begin, end) for ranges of 0..count-1, on several
   * threads at once. What a body throws first, this throws. Since ABI 1. */
  template <class Body> void loop(std::size_t count, std::size_t grain, Body &&body) {
    struct state {
      std::remove_reference_t<Body> *body;
      std::atomic_flag taken = ATOMIC_FLAG_INIT;
      std::exception_ptr thrown;
    } shared{&body, {}, {}};
    heddle_status status = heddle_for(
        raw_, count, grain,
        [](const heddle_call *, std::size_t begin, std::size_t end, void *data) noexcept {
          state &own = *static_cast<state *>(data);
          try {
            (*own.body)(begin, end);
            return HEDDLE_OK;
          } catch (const cancelled &) {
            return HEDDLE_CANCELLED;
          } catch (...) {
            if (!own.taken.test_and_set())
              own.thrown = std::current_exception();
            return HEDDLE_FAILED;
          }
        },
        &shared);
    if (shared.thrown)
      std::rethrow_exception(shared.thrown);
    detail::check(status);
  }

  /* Memory for the time of the call, uninitialised. Since ABI 1. */
  template <class T> T *scratch(std::size_t count) {
    static_assert(std::is_trivial_v<T>, "nobody calls constructors");
    if (count > static_cast<std::size_t>(-1) / sizeof(T))
      throw std::bad_alloc();
    return static_cast<T *>(detail::check(heddle_scratch(raw_, count * sizeof(T))));
  }

  /* ---- Results ---- */

  /* Memory of a typed array, uninitialised: it goes to JavaScript without a
   * copy. Since ABI 1. */
  template <class T> T *result_array(std::size_t length) {
    return static_cast<T *>(detail::check(heddle_result_array(raw_, detail::element<T>(), length)));
  }

  /* The result: nullptr (null), bool, a number, a string, std::optional (null when
   * empty), or std::vector, which is copied: of numbers a typed array, of
   * std::byte a Buffer. Integers of 64 bits are bigints. Since ABI 1. */
  template <class T> void result(const T &value) {
    if constexpr (detail::is_optional<T>::value) {
      if (value)
        result(*value);
      else
        heddle_result_null(raw_);
    } else if constexpr (std::is_same_v<T, std::nullptr_t>) {
      heddle_result_null(raw_);
    } else if constexpr (std::is_arithmetic_v<T>) {
      number(value);
    } else if constexpr (std::is_convertible_v<const T &, std::string_view>) {
      std::string_view text = value;
      detail::check(heddle_result_string(raw_, text.data(), text.size()));
    } else if constexpr (detail::is_vector<T>::value) {
      vector(value);
    } else {
      static_assert(detail::never<T>, "there are no results of this type");
    }
  }

  /* A field of a result with named fields. Since ABI 1. */
  template <class T> void field(const char *name, const T &value) {
    heddle_field(raw_, name);
    result(value);
  }

private:
  const heddle_value &at(std::uint32_t index) const {
    if (index >= raw_->argc)
      throw error("ERR_HEDDLE_ARGUMENT", "there is no argument " + std::to_string(index));
    return *heddle_arg(raw_, index);
  }

  static const heddle_value &expect(const heddle_value &value, heddle_type type) {
    if (value.type != type)
      throw error("ERR_HEDDLE_ARGUMENT", "the argument is of another type, or was left out");
    return value;
  }

  template <class T> void number(T value) {
    if constexpr (std::is_same_v<T, bool>)
      heddle_result_bool(raw_, value);
    else if constexpr (std::is_floating_point_v<T>)
      heddle_result_f64(raw_, static_cast<double>(value));
    else if constexpr (sizeof(T) == 8)
      bigint(value);
    else
      heddle_result_f64(raw_, static_cast<double>(value));
  }

  template <class T> void bigint(T value) {
    if constexpr (std::is_signed_v<T>)
      heddle_result_i64(raw_, static_cast<std::int64_t>(value));
    else
      heddle_result_u64(raw_, static_cast<std::uint64_t>(value));
  }

  template <class T, class A> void vector(const std::vector<T, A> &values) {
    void *memory;
    if constexpr (std::is_same_v<T, std::byte>)
      memory = detail::check(heddle_result_bytes(raw_, values.size()));
    else
      memory = detail::check(heddle_result_array(raw_, detail::element<T>(), values.size()));
    if (!values.empty())
      std::memcpy(memory, values.data(), values.size() * sizeof(T));
  }

  heddle_call *raw_;
};

namespace detail {

/* Runs `function`; its exceptions become errors of the call. */
template <class Function> heddle_status guard(heddle_call *raw, Function &&function) noexcept {
  try {
    function();
    return HEDDLE_OK;
  } catch (const cancelled &) {
    return HEDDLE_CANCELLED;
  } catch (const failed &) {
    return HEDDLE_FAILED;
  } catch (const error &thrown) {
    return heddle_error_as(raw, thrown.kind(), thrown.code(), 0, "%s", thrown.what());
  } catch (const std::bad_alloc &) {
    return heddle_error(raw, "ERR_HEDDLE_NO_MEMORY", "out of memory");
  } catch (const std::exception &thrown) {
    return heddle_error(raw, "ERR_HEDDLE_EXCEPTION", "%s", thrown.what());
  } catch (...) {
    return heddle_error(raw, "ERR_HEDDLE_EXCEPTION", "an exception that is no std::exception");
  }
}

} // namespace detail

/* What stands in a heddle_task for a function R f(heddle::call &): R is what
 * call::result() takes, or void when there is no result, or the function sets it
 * itself. Since ABI 1. */
template <auto Function> heddle_status task(heddle_call *raw) noexcept {
  return detail::guard(raw, [raw] {
    call own(raw);
    if constexpr (std::is_void_v<decltype(Function(own))>)
      Function(own);
    else
      own.result(Function(own));
  });
}

} // namespace heddle

#endif
