// Counts what the addon has allocated and not freed. Linked into it by `npm run check:native`, with the linker's --wrap; when
// the process ends by itself, or the addon is unloaded, the number goes to the file that MI_LIVE_ALLOCATIONS names.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);

static atomic_long live, total;

static void *counted(void *memory) {
  if (memory != NULL) {
    live++;
    total++;
  }
  return memory;
}

void *__wrap_malloc(size_t size) { return counted(__real_malloc(size)); }

void *__wrap_calloc(size_t count, size_t size) { return counted(__real_calloc(count, size)); }

void *__wrap_realloc(void *memory, size_t size) {
  void *result = __real_realloc(memory, size);
  return memory == NULL ? counted(result) : result;
}

void __wrap_free(void *memory) {
  if (memory != NULL) live--;
  __real_free(memory);
}

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("MI_LIVE_ALLOCATIONS");
  FILE *file = path == NULL ? NULL : fopen(path, "a");
  if (file == NULL) return;
  fprintf(file, "%ld %ld\n", (long)live, (long)total);
  fclose(file);
}
