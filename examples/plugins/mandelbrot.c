/* The Mandelbrot set as pixels for a canvas (RGBA, ImageData's order), drawn on
 * several threads in bands of rows, with progress after each band. */
#include "heddle.h"

#include <math.h>

enum { WIDTH, HEIGHT, X, Y, SCALE, ITERATIONS };
enum { BANDS = 64 };

typedef struct picture {
  uint8_t *pixels;
  size_t width;
  size_t first; /* row of the band */
  double left, top, step;
  uint32_t iterations;
} picture;

/* Steps until the point escapes, with a fraction; -1 when it does not. */
static double escape(double x, double y, uint32_t iterations) {
  double a = 0;
  double b = 0;
  for (uint32_t i = 0; i < iterations; i++) {
    double aa = a * a;
    double bb = b * b;
    if (aa + bb > 256)
      return i + 1 - log2(log2(aa + bb) / 2);
    b = 2 * a * b + y;
    a = aa - bb + x;
  }
  return -1;
}

static void paint(uint8_t *pixel, double steps) {
  double phase = steps < 0 ? 0 : 0.15 * steps;
  for (int i = 0; i < 3; i++)
    pixel[i] = steps < 0 ? 0 : (uint8_t)(127.5 + 127.5 * sin(phase + 2.1 * i));
  pixel[3] = 255;
}

/* Rows begin..end-1 of the band; on any thread. */
static heddle_status draw(const heddle_call *call, size_t begin, size_t end, void *data) {
  const picture *p = data;
  for (size_t row = p->first + begin; row < p->first + end; row++) {
    uint8_t *pixels = p->pixels + row * p->width * 4;
    for (size_t column = 0; column < p->width; column++) {
      if (heddle_cancelled(call)) /* a pixel may take a good part of a millisecond */
        return HEDDLE_CANCELLED;
      double x = p->left + p->step * (double)column;
      double y = p->top + p->step * (double)row;
      paint(pixels + column * 4, escape(x, y, p->iterations));
    }
  }
  return HEDDLE_OK;
}

static heddle_status run_mandelbrot(heddle_call *call) {
  size_t width = heddle_arg(call, WIDTH)->as.u32;
  size_t height = heddle_arg(call, HEIGHT)->as.u32;
  double step = heddle_arg(call, SCALE)->as.f64 / (double)width;
  picture p = {.width = width,
               .left = heddle_arg(call, X)->as.f64 - step * (double)(width - 1) / 2,
               .top = heddle_arg(call, Y)->as.f64 - step * (double)(height - 1) / 2,
               .step = step,
               .iterations = heddle_arg(call, ITERATIONS)->as.u32};
  p.pixels = heddle_result_array(call, HEDDLE_ELEMENT_U8C, width * height * 4);
  if (p.pixels == NULL)
    return HEDDLE_FAILED;
  for (size_t band = 0; band < BANDS; band++) {
    p.first = height * band / BANDS;
    size_t rows = height * (band + 1) / BANDS - p.first;
    heddle_status status = heddle_for(call, rows, 1, draw, &p);
    if (status != HEDDLE_OK)
      return status;
    heddle_progress(call, (double)(band + 1) / BANDS);
  }
  return HEDDLE_OK;
}

static const heddle_task tasks[] = {
    {"mandelbrot",
     "width: u32(1..16384), height: u32(1..16384), {x: f64 = -0.75, y: f64 = 0, "
     "scale: f64(0..) = 3, iterations: u32(1..100000) = 500} -> u8c[]",
     run_mandelbrot, HEDDLE_PARALLEL},
};

HEDDLE_MODULE("mandelbrot", tasks)
