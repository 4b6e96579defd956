#include "posix.h"

#include <errno.h>
#include <string.h>

void export_functions(napi_env env, napi_value exports, const function *functions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    napi_value value;
    if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &value) == napi_ok)
      napi_set_named_property(env, exports, functions[i].name, value);
  }
}

void arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
}

int32_t int_value(napi_env env, napi_value value) {
  int32_t result = 0;
  napi_get_value_int32(env, value, &result);
  return result;
}

bool byte_memory(napi_env env, napi_value value, const void **bytes, size_t *length) {
  napi_typedarray_type type;
  void *data = NULL;
  bool is_typed = false;
  *length = 0;
  if (napi_is_typedarray(env, value, &is_typed) == napi_ok && is_typed &&
      napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) == napi_ok && type == napi_uint8_array) {
    *bytes = data;
    return true;
  }
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "@mi/posix: bytes must be a Uint8Array");
  return false;
}

napi_value number(napi_env env, int64_t value) {
  napi_value result;
  napi_create_int64(env, value, &result);
  return result;
}

napi_value bytes_value(napi_env env, const void *bytes, size_t length) {
  void *data;
  napi_value buffer, result;
  if (napi_create_arraybuffer(env, length, &data, &buffer) != napi_ok) return NULL;
  if (length > 0) memcpy(data, bytes, length);
  if (napi_create_typedarray(env, napi_uint8_array, length, buffer, 0, &result) != napi_ok) return NULL;
  return result;
}

napi_value result_or_errno(napi_env env, int64_t result) {
  return number(env, result < 0 ? -errno : result);
}

static bool is_ascii(const char *text, size_t length) {
  uint64_t seen = 0, word;
  size_t at = 0;
  for (; at + sizeof word <= length; at += sizeof word) {
    memcpy(&word, text + at, sizeof word);
    seen |= word;
  }
  for (; at < length; at++) seen |= (uint64_t)(unsigned char)text[at];
  return (seen & 0x8080808080808080u) == 0;
}

napi_value text_value(napi_env env, const char *text, size_t length) {
  napi_value result = NULL;
  if (is_ascii(text, length)) napi_create_string_latin1(env, text, length, &result);
  else napi_create_string_utf8(env, text, length, &result);
  return result;
}

NAPI_MODULE_INIT() {
  export_addresses(env, exports);
  export_datagrams(env, exports);
  export_fifos(env, exports);
  export_shared(env, exports);
  export_sockets(env, exports);
  return exports;
}
