package org.iommulab.linux.program;

import org.jspecify.annotations.Nullable;

/** One answer of {@link World}, as a record keeps it. */
public sealed interface Answer {

  /** A mapping, or none. */
  record Mapping(@Nullable Area area) implements Answer {}

  /** Bytes that were read, or none. */
  record Bytes(@Nullable KeptBytes bytes) implements Answer {

    /** Keeps a copy of bytes. */
    static Bytes of(byte @Nullable [] bytes) {
      return new Bytes(bytes == null ? null : KeptBytes.of(bytes));
    }
  }

  /** Whether something could be done. */
  record Done(boolean yes) implements Answer {}

  /** An address in a process, or none. */
  record At(World.@Nullable Place place) implements Answer {}

  /** What is behind a descriptor, or nothing. */
  record File(World.@Nullable Behind behind) implements Answer {}

  /** A descriptor that was made. */
  record Descriptor(World.Made made) implements Answer {}

  /** A number. */
  record Number(long value) implements Answer {}

  /** Yes, no, or not to be told. */
  record Perhaps(@Nullable Boolean yes) implements Answer {}
}
