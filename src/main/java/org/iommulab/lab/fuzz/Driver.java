package org.iommulab.lab.fuzz;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Drives a unit by its registers, as a kernel would. */
final class Driver {

  static final long TRANSLATION = RegisterLayouts.GCMD.field("TE").mask();
  static final long QUEUE = RegisterLayouts.GCMD.field("QIE").mask();
  static final long INTERRUPTS = RegisterLayouts.GCMD.field("IRE").mask();
  private static final long SET_ROOT = RegisterLayouts.GCMD.field("SRTP").mask();
  private static final int GCMD = RegisterLayouts.GCMD.position();
  private static final int RTADDR = RegisterLayouts.RTADDR.position();
  private static final int FSTS = RegisterLayouts.FSTS.position();
  private static final long QUEUE_ERROR = RegisterLayouts.FSTS.field("IQE").mask();
  private static final int IQH = RegisterLayouts.IQH.position();
  private static final int IQT = RegisterLayouts.IQT.position();
  private static final long WIDE = RegisterLayouts.IQA.field("DW").mask();
  private static final int IQA = RegisterLayouts.IQA.position();
  private static final long ALL_STATUS = 0x71;
  private static final long RECORD_USED = 1L << 63;

  final RemappingUnit unit;
  private final PhysicalMemory memory;
  private final int firstRecord;
  private final int records;
  private long commands;
  private long tail;
  private int descriptorBytes = 16;

  Driver(UnitConfiguration configuration, PhysicalMemory memory) {
    this.memory = memory;
    unit = new RemappingUnit(configuration, memory, (address, data) -> {});
    firstRecord = configuration.capabilities().faultRecordOffset();
    records = configuration.capabilities().faultRecords();
  }

  void start(boolean scalable) {
    unit.write(RTADDR, 8, Scene.ROOT | (scalable ? 1L << 10 : 0));
    unit.write(GCMD, 4, SET_ROOT);
    descriptorBytes = scalable ? 32 : 16;
    unit.write(IQA, 8, Scene.QUEUE | (scalable ? WIDE : 0));
    enable(QUEUE);
    enable(TRANSLATION);
  }

  void enable(long bits) {
    commands |= bits;
    unit.write(GCMD, 4, commands);
  }

  void submit(long low, long high) {
    memory.writeQword(Scene.QUEUE + tail, low);
    memory.writeQword(Scene.QUEUE + tail + 8, high);
    tail = tail + descriptorBytes & 4095;
    unit.write(IQT, 8, tail);
  }

  /** Tells whether the unit has taken every descriptor and reported no error. */
  boolean isQueueDone() {
    return unit.read(IQH, 8) == unit.read(IQT, 8) && (unit.read(FSTS, 4) & QUEUE_ERROR) == 0;
  }

  /** Reads and clears all fault records and status bits, as a handler does. */
  void clearFaults() {
    for (int i = 0; i < records; i++) {
      unit.write(firstRecord + 16 * i + 8, 8, RECORD_USED);
    }
    unit.write(FSTS, 4, ALL_STATUS);
  }

  /** Tells whether a record is in use that says this, reasons being codes. */
  boolean hasRecord(int source, int reason, long address) {
    for (int i = 0; i < records; i++) {
      long low = unit.read(firstRecord + 16 * i, 8);
      long high = unit.read(firstRecord + 16 * i + 8, 8);
      boolean used = (high & RECORD_USED) != 0;
      boolean same = (high & 0xFFFF) == source && (high >>> 32 & 0xFF) == reason;
      if (used && same && low == (address & -4096L)) {
        return true;
      }
    }
    return false;
  }

  boolean hasRecordOf(int source) {
    for (int i = 0; i < records; i++) {
      long high = unit.read(firstRecord + 16 * i + 8, 8);
      if ((high & RECORD_USED) != 0 && (high & 0xFFFF) == source) {
        return true;
      }
    }
    return false;
  }

  boolean hasOverflowed() {
    return (unit.read(FSTS, 4) & 1) != 0;
  }
}
