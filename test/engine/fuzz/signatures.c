/* The parser of signatures, and the check of a module: any text, with each
 * allocation failing in turn. */
#include <math.h>
#include <string.h>

#include "kit.h"
#include "library.h"

static bool is_number(const hd_param *param) {
  return param->type == HEDDLE_I32 || param->type == HEDDLE_U32 || param->type == HEDDLE_F64;
}

static double number_of(const heddle_value *value) {
  return value->type == HEDDLE_I32   ? value->as.i32
         : value->type == HEDDLE_U32 ? value->as.u32
                                     : value->as.f64;
}

static void check_param(const hd_param *param) {
  heddle_value undefined = {.type = HEDDLE_UNDEFINED};
  heddle_value argument;
  HOLDS(param->label != NULL && param->expected != NULL);
  HOLDS(param->type != HEDDLE_UNDEFINED && param->type <= HEDDLE_ARRAY);
  HOLDS(hd_param_convert(param, &undefined, &argument) == param->optional);
  if (is_number(param))
    HOLDS(param->least <= param->most);
  if (!param->has_default)
    return;
  HOLDS(param->optional && argument.type == param->type);
  if (is_number(param))
    HOLDS(hd_param_number(param, number_of(&argument), &argument));
  if (param->type == HEDDLE_STRING)
    HOLDS(strlen(argument.as.string) == argument.length &&
          hd_param_word(param, argument.as.string, argument.length));
}

static const double numbers[] = {0, -0.0, 1, -1, 0.5, 255, 2147483648.0, 4294967296.0, 1e300};

/* Each kind of value in turn is one that the signature takes, or not. */
static void check_values(const hd_signature *signature) {
  char reason[100];
  for (uint8_t type = HEDDLE_UNDEFINED; type < HEDDLE_RECORD; type++) {
    for (uint8_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
      heddle_value value = {.type = type, .as.string = "hex", .length = 3};
      value.element = type == HEDDLE_ARRAY ? 1 + i : 0;
      if (type == HEDDLE_F64)
        value.as.f64 = numbers[i];
      (void)hd_signature_allows(signature, &value, reason, sizeof(reason));
      for (uint32_t p = 0; p < signature->count; p++) {
        heddle_value argument;
        if (hd_param_convert(&signature->params[p], &value, &argument))
          HOLDS(argument.type == signature->params[p].type || argument.type == HEDDLE_UNDEFINED);
      }
    }
  }
}

static void check_good(const hd_signature *signature) {
  HOLDS(signature->count <= HD_MAX_PARAMS && signature->field_count <= HD_MAX_FIELDS);
  HOLDS(signature->results.types != 0);
  bool options = false;
  for (uint32_t i = 0; i < signature->count; i++) {
    check_param(&signature->params[i]);
    HOLDS(!options || signature->params[i].options != NULL);
    options = signature->params[i].options != NULL;
  }
  for (uint32_t i = 0; i < signature->field_count; i++)
    HOLDS(signature->fields[i].name != NULL && signature->fields[i].kinds.types != 0);
  check_values(signature);
}

/* Whether it is good; the words for what is wrong go to room of just that size. */
static bool parse(const char *text, size_t size, long allocations) {
  char *problem = malloc(size);
  HOLDS(problem != NULL);
  problem[0] = '\0';
  hd_signature signature;
  if (allocations >= 0)
    alloc_fail_at(allocations, true);
  bool good = hd_signature_parse(&signature, text, problem, size);
  alloc_fail_never();
  if (good) {
    check_good(&signature);
    hd_signature_free(&signature);
  } else {
    HOLDS(memchr(problem, '\0', size) != NULL && (size < 2 || problem[0] != '\0'));
  }
  free(problem);
  HOLDS(alloc_live() == 0);
  return good;
}

static heddle_status nothing(heddle_call *call) {
  (void)call;
  return HEDDLE_OK;
}

/* Two tasks of the signature, of which the second has the text's head as its name. */
static void check_module(const char *text, uint32_t flags) {
  char name[66];
  (void)snprintf(name, sizeof(name), "%s", text);
  heddle_task tasks[] = {{"one", text, nothing, 0}, {name, text, nothing, flags}};
  heddle_module module = {HEDDLE_ABI, sizeof(module),      "fuzz", tasks,
                          2,          sizeof(heddle_task), NULL,   NULL};
  hd_problem problem = {.code = NULL};
  hd_library *library = hd_library_make(&module, &problem);
  HOLDS((library == NULL) == (problem.code != NULL));
  if (library != NULL)
    hd_library_free(library);
  HOLDS(alloc_live() == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  feed f = {data, size};
  size_t room = 1 + feed_byte(&f) % 200;
  uint32_t flags = feed_byte(&f);
  size_t length;
  char *text = feed_text(&f, 4096, &length);
  bool good = parse(text, room, -1);
  for (long n = 0; good && !parse(text, 200, n); n++)
    HOLDS(n < 1000);
  check_module(text, flags);
  free(text);
  return 0;
}
