package org.iommulab.vtd.register;

/** Somebody who looks over a unit's shoulder; without one, nothing is told and nothing is spent. */
public interface UnitWatch {

  /**
   * Software is about to write a register; the unit is still as before.
   *
   * @param offset of the register
   * @param size 4 or 8 bytes
   */
  void writing(int offset, int size, long value);

  /**
   * The queue fetched a descriptor and carried it out.
   *
   * @param address where the descriptor lies
   * @param error as IQERCD numbers it, 0 if there was none
   */
  void fetched(long address, long low, long high, int error);
}
