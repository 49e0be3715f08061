package org.iommulab.lab.advice;

import org.iommulab.bus.DmaAccess;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.vtd.request.Translation;
import org.iommulab.words.Bilingual;

/** Something that happened at a unit while a command was carried out. */
sealed interface Seen {

  /**
   * A register was written.
   *
   * @param unit number of the unit
   * @param status GSTS just before
   * @param head IQH just before
   * @param root root table in use just before
   */
  record Write(int unit, int offset, int size, long value, long status, long head, long root)
      implements Seen {}

  /** A descriptor was carried out, or stopped the queue with an error. */
  record Descriptor(int unit, long address, long low, long high, int error) implements Seen {}

  /** A device's request was answered. */
  record Request(DmaAccess access, DmaOutcome.Chunk chunk) implements Seen {

    boolean arrived() {
      return chunk.status() == DmaOutcome.Status.DONE || chunk.status() == DmaOutcome.Status.VOID;
    }

    boolean blocked() {
      return chunk.status() == DmaOutcome.Status.BLOCKED;
    }

    /** An FPD bit keeps software from learning why it was blocked. */
    boolean wasHiddenByFpd() {
      return chunk.outcome() instanceof Translation.Blocked blocked
          && blocked.suppressed()
          && !blocked.cached();
    }

    boolean writes() {
      return access.writes();
    }

    /** Bytes the device asked for. */
    long address() {
      return chunk.iova();
    }

    Bilingual verb() {
      return (writes() ? Wording.TO_WRITE : Wording.TO_READ).with();
    }
  }
}
