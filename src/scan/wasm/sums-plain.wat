;; The query is int16: its codes, widened once, outside the loop. Offsets are 0.
      (loop $chunk ;; 16 dimensions
        (local.set $q0 (v128.load (local.get $q)))
        (local.set $q1 (v128.load offset=16 (local.get $q)))
        (local.set $s0 (i32x4.add (local.get $s0) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $rows)) (local.get $q0))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $rows)) (local.get $q1)))))
        (local.set $s1 (i32x4.add (local.get $s1) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $r1)) (local.get $q0))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $r1)) (local.get $q1)))))
        (local.set $s2 (i32x4.add (local.get $s2) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $r2)) (local.get $q0))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $r2)) (local.get $q1)))))
        (local.set $s3 (i32x4.add (local.get $s3) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $r3)) (local.get $q0))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $r3)) (local.get $q1)))))
        (local.set $rows (i32.add (local.get $rows) (i32.const 16)))
        (local.set $r1 (i32.add (local.get $r1) (i32.const 16)))
        (local.set $r2 (i32.add (local.get $r2) (i32.const 16)))
        (local.set $r3 (i32.add (local.get $r3) (i32.const 16)))
        (local.set $q (i32.add (local.get $q) (i32.const 32)))
        (br_if $chunk (i32.lt_u (local.get $q) (local.get $queryEnd))))
