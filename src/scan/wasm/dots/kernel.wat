;; Exact scores of single rows, four at a time: code × scale in float32, times the query in float64, summed in the order of the dimensions, as
;; `dotsWithRows` in rescore.ts does, and so the same bits.
;; kernel.ts holds the compiled bytes; after a change run `node src/math/wasm-kernels.mjs`.
;; The caller owns the memory and lays it out (../exact-dots.ts):
;;   asked   for each four rows their addresses, int32, and then their scales, float32; the scores take the place of the addresses
;;   rows    int8, zeros after the last dimension
;;   query   float64, as many numbers as a row has bytes, a multiple of 4
(module
  (import "kernel" "memory" (memory 1))

  (func (export "dots")
    (param $asked i32) (param $end i32) (param $query i32) (param $queryEnd i32)
    (local $q i32) (local $at i32)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32)
    (local $scales v128) (local $codes v128) (local $halves v128) (local $column v128) (local $number v128)
    (local $s01 v128) (local $s23 v128)

    (loop $four
      (local.set $r0 (i32.load (local.get $asked)))
      (local.set $r1 (i32.load offset=4 (local.get $asked)))
      (local.set $r2 (i32.load offset=8 (local.get $asked)))
      (local.set $r3 (i32.load offset=12 (local.get $asked)))
      (local.set $scales (v128.load offset=16 (local.get $asked)))
      (local.set $s01 (v128.const i32x4 0 0 0 0))
      (local.set $s23 (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (local.set $at (i32.const 0))
      (loop $columns ;; four dimensions
        (local.set $codes (v128.load32_zero (i32.add (local.get $r0) (local.get $at))))
        (local.set $codes (v128.load32_lane 1 (i32.add (local.get $r1) (local.get $at)) (local.get $codes)))
        (local.set $codes (v128.load32_lane 2 (i32.add (local.get $r2) (local.get $at)) (local.get $codes)))
        (local.set $codes (v128.load32_lane 3 (i32.add (local.get $r3) (local.get $at)) (local.get $codes)))
        ;; Row by row → column by column.
        (local.set $codes (i8x16.shuffle 0 4 8 12 1 5 9 13 2 6 10 14 3 7 11 15 (local.get $codes) (local.get $codes)))

        (local.set $halves (i16x8.extend_low_i8x16_s (local.get $codes)))
        (local.set $column (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $halves))) (local.get $scales)))
        (local.set $number (v128.load64_splat (local.get $q)))
        (local.set $s01 (f64x2.add (local.get $s01) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))
        (local.set $column (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $column) (local.get $column)))
        (local.set $s23 (f64x2.add (local.get $s23) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))

        (local.set $column (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $halves))) (local.get $scales)))
        (local.set $number (v128.load64_splat offset=8 (local.get $q)))
        (local.set $s01 (f64x2.add (local.get $s01) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))
        (local.set $column (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $column) (local.get $column)))
        (local.set $s23 (f64x2.add (local.get $s23) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))

        (local.set $halves (i16x8.extend_high_i8x16_s (local.get $codes)))
        (local.set $column (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $halves))) (local.get $scales)))
        (local.set $number (v128.load64_splat offset=16 (local.get $q)))
        (local.set $s01 (f64x2.add (local.get $s01) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))
        (local.set $column (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $column) (local.get $column)))
        (local.set $s23 (f64x2.add (local.get $s23) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))

        (local.set $column (f32x4.mul (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $halves))) (local.get $scales)))
        (local.set $number (v128.load64_splat offset=24 (local.get $q)))
        (local.set $s01 (f64x2.add (local.get $s01) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))
        (local.set $column (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $column) (local.get $column)))
        (local.set $s23 (f64x2.add (local.get $s23) (f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))))

        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $q (i32.add (local.get $q) (i32.const 32)))
        (br_if $columns (i32.lt_u (local.get $q) (local.get $queryEnd))))

      (v128.store (local.get $asked) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
        (f32x4.demote_f64x2_zero (local.get $s01)) (f32x4.demote_f64x2_zero (local.get $s23))))
      (local.set $asked (i32.add (local.get $asked) (i32.const 32)))
      (br_if $four (i32.lt_u (local.get $asked) (local.get $end))))))
