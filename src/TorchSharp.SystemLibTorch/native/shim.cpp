// The whole native side of the provider: libtorch's dispatcher, called boxed, behind a C interface.
//
// Everything a tensor can do is an operator that libtorch knows by name, so one call with tagged values serves them all;
// what is left is what no operator does: life time, gradients, modes of the thread, generators, and the last error.
// Only headers that are the same from libtorch 1.13 to 2.x are used.
//
// Conventions. A tensor handle is an owned TensorImpl*, null for an undefined tensor. A function that can fail returns a
// negative number or null and leaves the first line of libtorch's message in nst_last_error (per thread).

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <dlfcn.h>

#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#define NST_API extern "C" __attribute__((visibility("default")))

namespace {

enum Tag : int32_t {
    kDefault = 0,  // what the operator's schema says
    kNone = 1,
    kTensor = 2,
    kInt = 3,
    kDouble = 4,
    kBool = 5,
    kIntList = 6,
    kDoubleList = 7,
    kTensorList = 8,
    kOptionalTensorList = 9,
    kString = 10,
    kDevice = 11,  // low half: type, high half: index
    kGenerator = 12,
};

using TensorPtr = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
using GeneratorPtr = c10::intrusive_ptr<c10::GeneratorImpl>;

thread_local std::string last_error;

void remember(const std::exception_ptr& failure) {
    std::string text = "unknown native error";
    try {
        std::rethrow_exception(failure);
    } catch (const c10::Error& e) {
        text = e.what_without_backtrace();
    } catch (const std::exception& e) {
        text = e.what();
    } catch (...) {
    }
    last_error = text.substr(0, text.find('\n'));
}

template <typename Result, typename Body>
Result guarded(Result failure, Body body) {
    try {
        return body();
    } catch (...) {
        remember(std::current_exception());
        return failure;
    }
}

at::Tensor borrow(void* handle) {
    if (handle == nullptr) return at::Tensor();
    return at::Tensor(TensorPtr::unsafe_reclaim_from_nonowning(static_cast<c10::TensorImpl*>(handle)));
}

void* own(at::Tensor tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

std::vector<at::Tensor> borrow_all(void* const* handles, int64_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
    return tensors;
}

at::Generator borrow_generator(void* handle) {
    return at::Generator(GeneratorPtr::unsafe_reclaim_from_nonowning(static_cast<c10::GeneratorImpl*>(handle)));
}

c10::Device unpack_device(int64_t packed) {
    return c10::Device(static_cast<c10::DeviceType>(static_cast<int8_t>(packed & 0xff)), static_cast<int8_t>(packed >> 32));
}

}  // namespace

struct nst_value {
    int32_t tag;
    int32_t length;  // of a list or string
    union {
        int64_t integer;
        double real;
        void* pointer;
    };
};

struct nst_operator {
    c10::OperatorHandle handle;
    std::vector<c10::IValue> defaults;
};

namespace {

c10::IValue optional_tensors(void* const* handles, int32_t count) {
    c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
    list.reserve(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; i++) {
        list.push_back(handles[i] == nullptr ? c10::IValue() : c10::IValue(borrow(handles[i])));
    }
    return c10::IValue(std::move(list));
}

c10::IValue unpack(const nst_value& value) {
    switch (value.tag) {
        case kNone: return c10::IValue();
        case kTensor: return c10::IValue(borrow(value.pointer));
        case kInt: return c10::IValue(value.integer);
        case kDouble: return c10::IValue(value.real);
        case kBool: return c10::IValue(value.integer != 0);
        case kIntList: return c10::IValue(c10::IntArrayRef(static_cast<int64_t*>(value.pointer), static_cast<size_t>(value.length)));
        case kDoubleList: return c10::IValue(c10::ArrayRef<double>(static_cast<double*>(value.pointer), static_cast<size_t>(value.length)));
        case kTensorList: return c10::IValue(borrow_all(static_cast<void* const*>(value.pointer), value.length));
        case kOptionalTensorList: return optional_tensors(static_cast<void* const*>(value.pointer), value.length);
        case kString: return c10::IValue(std::string(static_cast<const char*>(value.pointer), static_cast<size_t>(value.length)));
        case kDevice: return c10::IValue(unpack_device(value.integer));
        case kGenerator: return c10::IValue(borrow_generator(value.pointer));
        default: TORCH_CHECK(false, "argument tag ", value.tag, " is not known");
    }
}

nst_value pack_list(const std::vector<at::Tensor>& tensors) {
    nst_value value{kTensorList, static_cast<int32_t>(tensors.size()), {0}};
    auto** handles = new void*[tensors.size() + 1];
    for (size_t i = 0; i < tensors.size(); i++) handles[i] = own(tensors[i]);
    value.pointer = handles;
    return value;
}

nst_value pack(c10::IValue&& result) {
    nst_value value{kNone, 0, {0}};
    if (result.isTensor()) {
        value.tag = kTensor;
        value.pointer = own(std::move(result).toTensor());
    } else if (result.isInt()) {
        value.tag = kInt;
        value.integer = result.toInt();
    } else if (result.isDouble()) {
        value.tag = kDouble;
        value.real = result.toDouble();
    } else if (result.isBool()) {
        value.tag = kBool;
        value.integer = result.toBool() ? 1 : 0;
    } else if (result.isTensorList()) {
        value = pack_list(result.toTensorVector());
    } else if (!result.isNone()) {
        TORCH_CHECK(false, "a result of type ", result.tagKind(), " cannot be returned");
    }
    return value;
}

}  // namespace

// ---- operators -----------------------------------------------------------------------------------------------------

NST_API nst_operator* nst_operator_find(const char* name, const char* overload) {
    return guarded<nst_operator*>(nullptr, [&] {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(found.has_value(), "libtorch ", TORCH_VERSION, " has no operator ", name, overload[0] ? "." : "", overload);
        auto* op = new nst_operator{*found, {}};
        for (const auto& argument : found->schema().arguments()) {
            op->defaults.push_back(argument.default_value() ? *argument.default_value() : c10::IValue());
        }
        return op;
    });
}

// Returns the number of results written, at most capacity.
NST_API int32_t nst_operator_call(nst_operator* op, const nst_value* arguments, int32_t count, nst_value* results, int32_t capacity) {
    return guarded<int32_t>(-1, [&] {
        torch::jit::Stack stack;
        stack.reserve(op->defaults.size());
        for (size_t i = 0; i < op->defaults.size(); i++) {
            bool given = i < static_cast<size_t>(count) && arguments[i].tag != kDefault;
            stack.push_back(given ? unpack(arguments[i]) : op->defaults[i]);
        }
        op->handle.callBoxed(stack);
        TORCH_CHECK(stack.size() <= static_cast<size_t>(capacity), "more results than expected");
        for (size_t i = 0; i < stack.size(); i++) results[i] = pack(std::move(stack[i]));
        return static_cast<int32_t>(stack.size());
    });
}

NST_API void nst_list_release(void** handles) { delete[] handles; }

// ---- tensors -------------------------------------------------------------------------------------------------------

NST_API void nst_tensor_release(void* handle) {
    TensorPtr::reclaim(static_cast<c10::TensorImpl*>(handle));
}

// A tensor over memory that is not libtorch's; release is called with context when the last tensor over it goes.
NST_API void* nst_tensor_over(void* data, int64_t elements, int32_t dtype, void (*release)(void*), void* context) {
    return guarded<void*>(nullptr, [&] {
        return own(at::from_blob(data, {elements}, [=](void*) { release(context); }, static_cast<at::ScalarType>(dtype)));
    });
}

struct nst_tensor_info {
    const int64_t* sizes;
    const int64_t* strides;
    void* data;
    int64_t elements;
    int64_t storage_offset;
    int32_t dimensions;
    int32_t device_index;
    int8_t dtype;
    int8_t device_type;
    int8_t requires_grad;
    int8_t is_leaf;
    int8_t is_contiguous;
    int8_t element_size;
};

NST_API int32_t nst_tensor_describe(void* handle, nst_tensor_info* info) {
    return guarded<int32_t>(-1, [&] {
        auto tensor = borrow(handle);
        info->sizes = tensor.sizes().data();
        info->dimensions = static_cast<int32_t>(tensor.dim());
        info->elements = tensor.numel();
        info->dtype = static_cast<int8_t>(tensor.scalar_type());
        info->element_size = static_cast<int8_t>(tensor.element_size());
        info->device_type = static_cast<int8_t>(tensor.device().type());
        info->device_index = tensor.device().index();
        info->requires_grad = tensor.requires_grad();
        info->is_leaf = tensor.is_leaf();
        bool strided = tensor.layout() == at::kStrided;
        info->strides = strided ? tensor.strides().data() : nullptr;
        info->is_contiguous = strided && tensor.is_contiguous();
        info->storage_offset = strided ? tensor.storage_offset() : 0;
        info->data = strided && tensor.has_storage() ? tensor.data_ptr() : nullptr;
        return 0;
    });
}

// ---- gradients -----------------------------------------------------------------------------------------------------

NST_API int32_t nst_tensor_set_requires_grad(void* handle, int32_t requires_grad) {
    return guarded<int32_t>(-1, [&] {
        borrow(handle).set_requires_grad(requires_grad != 0);
        return 0;
    });
}

NST_API int32_t nst_tensor_grad(void* handle, void** grad) {
    return guarded<int32_t>(-1, [&] {
        *grad = own(borrow(handle).grad());
        return 0;
    });
}

NST_API int32_t nst_tensor_set_grad(void* handle, void* grad) {
    return guarded<int32_t>(-1, [&] {
        borrow(handle).mutable_grad() = borrow(grad);
        return 0;
    });
}

enum BackwardFlags : int32_t { kRetainGraph = 1, kCreateGraph = 2, kAllowUnused = 4, kReturnGradients = 8 };

// Accumulates into leaves, or, with kReturnGradients, gives the gradients of the inputs back as one tensor list.
NST_API int32_t nst_backward(void** outputs, int64_t output_count, void** gradients, int64_t gradient_count, void** inputs,
                             int64_t input_count, int32_t flags, nst_value* result) {
    return guarded<int32_t>(-1, [&] {
        auto roots = borrow_all(outputs, output_count);
        auto seeds = borrow_all(gradients, gradient_count);
        auto leaves = borrow_all(inputs, input_count);
        bool retain = (flags & (kRetainGraph | kCreateGraph)) != 0;
        bool create = (flags & kCreateGraph) != 0;
        if (flags & kReturnGradients) {
            *result = pack_list(torch::autograd::grad(roots, leaves, seeds, retain, create, (flags & kAllowUnused) != 0));
        } else {
            torch::autograd::backward(roots, seeds, retain, create, leaves);
        }
        return 0;
    });
}

// ---- modes of the thread -------------------------------------------------------------------------------------------

NST_API int32_t nst_grad_mode(int32_t enabled) {  // negative asks only
    bool before = c10::GradMode::is_enabled();
    if (enabled >= 0) c10::GradMode::set_enabled(enabled != 0);
    return before;
}

NST_API void* nst_inference_mode_enter(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

NST_API void nst_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

NST_API int32_t nst_inference_mode_enabled() { return c10::InferenceMode::is_enabled(); }

// Zero or less asks only. OpenBLAS built on POSIX threads keeps a pool of its own that libtorch does not know of.
NST_API int32_t nst_threads(int32_t count) {
    return guarded<int32_t>(-1, [&] {
        if (count > 0) {
            at::set_num_threads(count);
            auto blas = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
            if (blas != nullptr) blas(count);
        }
        return at::get_num_threads();
    });
}

// ---- generators ----------------------------------------------------------------------------------------------------

NST_API void* nst_generator_new(int64_t packed_device, int32_t use_default) {
    return guarded<void*>(nullptr, [&]() -> void* {
        auto device = unpack_device(packed_device);
        const auto& standard = at::globalContext().defaultGenerator(device);
        auto generator = use_default ? standard : standard.clone();
        return generator.unsafeReleaseGeneratorImpl();
    });
}

NST_API void nst_generator_release(void* handle) { GeneratorPtr::reclaim(static_cast<c10::GeneratorImpl*>(handle)); }

NST_API int32_t nst_generator_seed(void* handle, int32_t set, uint64_t* seed) {
    return guarded<int32_t>(-1, [&] {
        auto generator = borrow_generator(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        if (set) generator.set_current_seed(*seed);
        *seed = generator.current_seed();
        return 0;
    });
}

NST_API int32_t nst_generator_state(void* handle, void* new_state, void** state) {
    return guarded<int32_t>(-1, [&] {
        auto generator = borrow_generator(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        if (new_state != nullptr) generator.set_state(borrow(new_state));
        if (state != nullptr) *state = own(generator.get_state());
        return 0;
    });
}

// ---- devices and errors --------------------------------------------------------------------------------------------

NST_API int32_t nst_cuda_device_count() {
    return guarded<int32_t>(0, [] {
        if (!at::hasCUDA()) return 0;
        return static_cast<int32_t>(c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount());
    });
}

NST_API int32_t nst_cuda_synchronize(int32_t index) {
    return guarded<int32_t>(-1, [&] {
        c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
        auto device = index < 0 ? guard.getDevice() : c10::Device(c10::DeviceType::CUDA, static_cast<int8_t>(index));
        guard.getStream(device).synchronize();
        return 0;
    });
}

NST_API const char* nst_version() { return TORCH_VERSION; }

NST_API const char* nst_last_error() { return last_error.c_str(); }
