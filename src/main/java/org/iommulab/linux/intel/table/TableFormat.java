package org.iommulab.linux.intel.table;

import org.iommulab.linux.iommu.Protection;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.SecondStageEntry;

/**
 * The two kinds of paging entries the driver writes: generic_pt's {@code vtdss} and {@code x86_64}.
 * Bits 0 and 1 tell in both whether an entry is there, bit 7 marks a large page, bits 51:12 are the
 * address.
 */
public enum TableFormat {
  SECOND_STAGE {
    @Override
    public long leaf(int prot, boolean snoop) {
      long bits = (prot & Protection.READ) != 0 ? SecondStageEntry.R.mask() : 0;
      bits |= (prot & Protection.WRITE) != 0 ? SecondStageEntry.W.mask() : 0;
      return bits == 0 || !snoop ? bits : bits | SecondStageEntry.SNP.mask();
    }

    @Override
    long table() {
      return SecondStageEntry.R.mask() | SecondStageEntry.W.mask();
    }

    @Override
    long dirty() {
      return SecondStageEntry.D.mask();
    }

    /** Units without coherent walks mark what they have flushed in this ignored bit. */
    @Override
    long flushed() {
      return 1L << 10;
    }
  },
  FIRST_STAGE {
    private final long user =
        FirstStageEntry.P.mask() | FirstStageEntry.US.mask() | FirstStageEntry.A.mask();
    private final long writable = FirstStageEntry.RW.mask() | FirstStageEntry.D.mask();

    /** A writable page is readable too; snooping is a matter of the PASID entry. */
    @Override
    public long leaf(int prot, boolean snoop) {
      if ((prot & Protection.WRITE) != 0) {
        return user | writable;
      }
      return (prot & Protection.READ) != 0 ? user : 0;
    }

    @Override
    long table() {
      return user | FirstStageEntry.RW.mask();
    }

    @Override
    long dirty() {
      return FirstStageEntry.D.mask();
    }

    @Override
    long flushed() {
      return 1L << 9;
    }
  };

  /** Bits that tell that an entry is there. */
  static final long PRESENT = SecondStageEntry.R.mask() | SecondStageEntry.W.mask();

  /** The bit of a large page. */
  static final long LARGE = SecondStageEntry.PS.mask();

  /** Table or page address. */
  static final long ADDRESS = SecondStageEntry.TABLE.mask();

  /** Names of tables by level, for the trace. */
  static final String[] TABLE_NAMES = {"", "PT", "PD", "PDPT", "PML4", "PML5"};

  /**
   * Bits of a leaf beside its address and size; 0 if nothing is allowed.
   *
   * @param prot {@link Protection} bits
   * @param snoop DMA must snoop caches
   */
  public abstract long leaf(int prot, boolean snoop);

  /** Bits of an entry that points to a table. */
  abstract long table();

  /** The bit hardware sets in a leaf when a device has written to the page. */
  abstract long dirty();

  /** The bit generic_pt sets in entries whose cache line it has flushed. */
  abstract long flushed();
}
