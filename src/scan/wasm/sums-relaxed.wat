;; The query is int8: its codes plus 64, from 0 to 127, so that the sums are too large by 64 times the sum of a row's codes. What relaxed SIMD
;; leaves open are products of more than seven bits and sums of two products beyond 16 bits: neither can occur, since 2 · 128 · 127 < 2^15.
      (loop $chunk ;; 16 dimensions
        (local.set $q0 (v128.load (local.get $q)))
        (local.set $s0 (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load (local.get $rows)) (local.get $q0) (local.get $s0)))
        (local.set $s1 (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load (local.get $r1)) (local.get $q0) (local.get $s1)))
        (local.set $s2 (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load (local.get $r2)) (local.get $q0) (local.get $s2)))
        (local.set $s3 (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load (local.get $r3)) (local.get $q0) (local.get $s3)))
        (local.set $rows (i32.add (local.get $rows) (i32.const 16)))
        (local.set $r1 (i32.add (local.get $r1) (i32.const 16)))
        (local.set $r2 (i32.add (local.get $r2) (i32.const 16)))
        (local.set $r3 (i32.add (local.get $r3) (i32.const 16)))
        (local.set $q (i32.add (local.get $q) (i32.const 16)))
        (br_if $chunk (i32.lt_u (local.get $q) (local.get $queryEnd))))
