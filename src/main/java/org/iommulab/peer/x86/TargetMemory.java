package org.iommulab.peer.x86;

/** Memory as a program sees it. */
public interface TargetMemory {

  /**
   * A load of as many bytes as there is room for; false if the program may not read there.
   *
   * <p>Called once for each access of an instruction, in the instruction's order.
   */
  boolean load(long address, byte[] target);

  /** A store; false if the program may not write there. As {@link #load}. */
  boolean store(long address, byte[] source);
}
