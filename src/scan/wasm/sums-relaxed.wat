;; The query is int8: its codes plus 64, from 0 to 127, so that the sums are too large by 64 times the sum of a row's codes. What relaxed SIMD
;; leaves open are products of more than seven bits and sums of two products beyond 16 bits: neither can occur, since 2 · 128 · 127 < 2^15.
        (loop $chunk ;; 32 dimensions
          (local.set $s3 (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load (local.get $rows)) (v128.load (local.get $q)) (local.get $s3)))
          (local.set $odd (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load offset=16 (local.get $rows)) (v128.load offset=16 (local.get $q)) (local.get $odd)))
          (local.set $rows (i32.add (local.get $rows) (i32.const 32)))
          (local.set $q (i32.add (local.get $q) (i32.const 32)))
          (br_if $chunk (i32.lt_u (local.get $q) (local.get $queryEnd))))
