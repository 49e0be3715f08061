package org.iommulab.ui.view.pagerequest;

import java.util.ArrayList;
import java.util.Arrays;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.memory.MemoryView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.view.lookup.DeviceName;
import org.iommulab.vtd.layout.PageRequest;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.RegisterValues;

/** Reads and decodes the queue of page requests; runs on the laboratory's thread. */
final class PageRequestQuery {

  private static final int SLOT_BYTES = 32;

  private PageRequestQuery() {}

  static PageRequestPicture answer(LabView view) {
    RegisterValues registers = view.tables().registers();
    long pqa = registers.read(RegisterLayouts.PQA.position(), 8);
    long base = RegisterLayouts.PQA.field("PQA").get(pqa);
    if (base == 0) {
      return PageRequestPicture.NONE;
    }
    int bytes = PhysicalMemory.FRAME_BYTES << (int) RegisterLayouts.PQA.field("PQS").get(pqa);
    int slots = bytes / SLOT_BYTES;
    int head = slot(registers.read(RegisterLayouts.PQH.position(), 8), bytes);
    int tail = slot(registers.read(RegisterLayouts.PQT.position(), 8), bytes);
    long status = registers.read(RegisterLayouts.PRS.position(), 4);
    var rows = new ArrayList<PageRequestRow>();
    for (int slot = 0; slot < slots; slot++) {
      long[] quadwords = quadwords(view.memory(), base + (long) slot * SLOT_BYTES);
      if (Arrays.stream(quadwords).anyMatch(value -> value != 0)) {
        boolean waiting = Math.floorMod(slot - head, slots) < Math.floorMod(tail - head, slots);
        rows.add(row(view, slot, base + (long) slot * SLOT_BYTES, quadwords, waiting));
      }
    }
    boolean overflow = RegisterLayouts.PRS.field("PRO").isSet(status);
    return new PageRequestPicture(true, overflow, slots, head, tail, rows);
  }

  private static int slot(long pointer, int bytes) {
    return (int) (pointer & bytes - 1) / SLOT_BYTES;
  }

  private static long[] quadwords(MemoryView memory, long address) {
    var quadwords = new long[SLOT_BYTES / 8];
    for (int i = 0; i < quadwords.length; i++) {
      quadwords[i] = memory.readQword(address + i * 8L);
    }
    return quadwords;
  }

  private static PageRequestRow row(
      LabView view, int slot, long address, long[] quadwords, boolean waiting) {
    SourceId source = new SourceId((int) PageRequest.RID.get(quadwords));
    boolean tagged = PageRequest.PP.get(quadwords) != 0;
    String wants =
        (PageRequest.RDR.get(quadwords) != 0 ? "R" : "")
            + (PageRequest.WRR.get(quadwords) != 0 ? "W" : "")
            + (PageRequest.EXR.get(quadwords) != 0 ? "X" : "");
    return new PageRequestRow(
        slot,
        address,
        Arrays.stream(quadwords).boxed().toList(),
        waiting,
        source,
        DeviceName.alone(view, source),
        tagged ? (int) PageRequest.PASID.get(quadwords) : -1,
        wants,
        PageRequest.ADDR.get(quadwords),
        (int) PageRequest.PRGI.get(quadwords),
        PageRequest.LPIG.get(quadwords) != 0);
  }
}
