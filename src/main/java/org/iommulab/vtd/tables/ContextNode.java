package org.iommulab.vtd.tables;

import java.util.Optional;
import org.iommulab.bus.SourceId;

/** A context entry that is not all zero, of either mode. */
public sealed interface ContextNode {

  /** The requester it is for. */
  SourceId source();

  /** Physical address of the entry. */
  long address();

  /** The entry: two quadwords in legacy mode, four in scalable mode. */
  long[] quadwords();

  /** Bit 0. */
  default boolean present() {
    return (quadwords()[0] & 1) != 0;
  }

  /** Faults of this requester are not recorded. */
  default boolean faultsDisabled() {
    return (quadwords()[0] & 2) != 0;
  }

  /** Legacy mode. */
  record Legacy(SourceId source, long address, long[] quadwords) implements ContextNode {

    /** 0 and 1 translate, 2 passes through, 3 is reserved. */
    public int translationType() {
      return (int) (quadwords[0] >>> 2) & 3;
    }

    /** Address-width code; levels are two more. */
    public int addressWidth() {
      return (int) quadwords[1] & 7;
    }

    public int levels() {
      return addressWidth() + 2;
    }

    public int domainId() {
      return (int) (quadwords[1] >>> 8) & 0xFFFF;
    }

    /** Software's own bits. */
    public int available() {
      return (int) (quadwords[1] >>> 3) & 0xF;
    }

    /** The pointer as it stands in the entry, whether it counts or not. */
    public long tablePointer() {
      return quadwords[0] & ~0xFFFL;
    }

    /** The tree it leads to; empty for pass-through and for widths that do not exist. */
    public Optional<TableKey> table() {
      boolean translates = present() && translationType() < 2;
      boolean knownWidth = addressWidth() >= 1 && addressWidth() <= 3;
      return translates && knownWidth
          ? Optional.of(new TableKey(TableKey.Stage.SECOND, tablePointer(), levels()))
          : Optional.empty();
    }
  }

  /** Scalable mode. */
  record Scalable(SourceId source, long address, long[] quadwords) implements ContextNode {

    /** The directory holds 2^(7+this) entries. */
    public int directorySizeCode() {
      return (int) (quadwords[0] >>> 9) & 7;
    }

    public int directoryEntries() {
      return 1 << 7 + directorySizeCode();
    }

    public long directory() {
      return quadwords[0] & ~0xFFFL;
    }

    public boolean deviceTlb() {
      return (quadwords[0] & 4) != 0;
    }

    public boolean pasidEnabled() {
      return (quadwords[0] & 8) != 0;
    }

    public boolean pageRequests() {
      return (quadwords[0] & 16) != 0;
    }

    /** The PASID that requests without one use. */
    public int ridPasid() {
      return (int) quadwords[1] & 0xF_FFFF;
    }

    public boolean ridPrivileged() {
      return (quadwords[1] >>> 20 & 1) != 0;
    }
  }
}
