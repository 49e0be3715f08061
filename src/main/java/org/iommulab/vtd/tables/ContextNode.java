package org.iommulab.vtd.tables;

import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;

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
    return ContextEntry.P.isSet(quadwords()[0]);
  }

  /** Faults of this requester are not recorded. */
  default boolean faultsDisabled() {
    return ContextEntry.FPD.isSet(quadwords()[0]);
  }

  /** Legacy mode. */
  record Legacy(SourceId source, long address, long[] quadwords) implements ContextNode {

    /** 0 and 1 translate, 2 passes through, 3 is reserved. */
    public int translationType() {
      return (int) ContextEntry.TT.get(quadwords);
    }

    /** Address-width code; levels are two more. */
    public int addressWidth() {
      return (int) ContextEntry.AW.get(quadwords);
    }

    public int levels() {
      return addressWidth() + 2;
    }

    public int domainId() {
      return (int) ContextEntry.DID.get(quadwords);
    }

    /** Software's own bits. */
    public int available() {
      return (int) ContextEntry.AVAIL.get(quadwords);
    }

    /** The pointer as it stands in the entry, whether it counts or not. */
    public long tablePointer() {
      return ContextEntry.SSPTPTR.get(quadwords);
    }

    /** The tree it leads to; empty for pass-through and for widths that do not exist. */
    public Optional<TableKey> table() {
      boolean translates = present() && translationType() < ContextEntry.PASS_THROUGH;
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
      return (int) ScalableContextEntry.PDTS.get(quadwords);
    }

    public int directoryEntries() {
      return 1 << 7 + directorySizeCode();
    }

    public long directory() {
      return ScalableContextEntry.PASIDDIRPTR.get(quadwords);
    }

    public boolean deviceTlb() {
      return ScalableContextEntry.DTE.isSet(quadwords[0]);
    }

    public boolean pasidEnabled() {
      return ScalableContextEntry.PASIDE.isSet(quadwords[0]);
    }

    public boolean pageRequests() {
      return ScalableContextEntry.PRE.isSet(quadwords[0]);
    }

    /** The PASID that requests without one use. */
    public Pasid ridPasid() {
      return new Pasid((int) ScalableContextEntry.RID_PASID.get(quadwords));
    }

    public boolean ridPrivileged() {
      return ScalableContextEntry.RID_PRIV.isSet(quadwords[1]);
    }
  }
}
