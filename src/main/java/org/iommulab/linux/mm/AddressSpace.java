package org.iommulab.linux.mm;

/**
 * A process' memory as other parts of the kernel share it with devices ({@code struct mm_struct}).
 */
public interface AddressSpace {

  /** How bringing in a page ended ({@code vm_fault_t}). */
  enum Fault {
    /** The page is there. */
    DONE,
    /** No memory is mapped there, or not with these rights. */
    BAD_AREA,
    /** No page frame was free. */
    OUT_OF_MEMORY
  }

  /** Told when translations of the process change ({@code struct mmu_notifier_ops}). */
  interface Listener {
    /** Translations of these addresses are gone; {@code last} is the last byte. */
    void invalidateSecondaryTlbs(long start, long last);

    /** The process ends: all its translations will be gone. */
    void exiting();
  }

  /** Physical address of the processor's top page table; -1 if there is no memory for one. */
  long pgd();

  /** {@code handle_mm_fault()}: brings in the page at an address. */
  Fault handleFault(long address, boolean write);

  /** {@code mmu_notifier_register()}. */
  void addListener(Listener listener);

  /** {@code mmu_notifier_unregister()}. */
  void removeListener(Listener listener);
}
