package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.bits.Field;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Reads the interrupt-remapping table. */
final class InterruptReader {

  private static final Field BASE = RegisterLayouts.IRTA.field("IRTA");
  private static final Field SIZE = RegisterLayouts.IRTA.field("S");
  private static final Field EXTENDED = RegisterLayouts.IRTA.field("EIME");
  private static final Field TABLE_SET = RegisterLayouts.GSTS.field("IRTPS");

  private final PhysicalMemory memory;
  private final RegisterValues registers;

  InterruptReader(PhysicalMemory memory, RegisterValues registers) {
    this.memory = memory;
    this.registers = registers;
  }

  Optional<InterruptTable> table() {
    long irta = registers.irta();
    return TABLE_SET.isSet(registers.gsts())
        ? Optional.of(new InterruptTable(BASE.get(irta), 2 << SIZE.get(irta), EXTENDED.isSet(irta)))
        : Optional.empty();
  }

  List<IrteNode> entries() {
    var all = new ArrayList<IrteNode>();
    InterruptTable table = table().orElse(null);
    if (table == null) {
      return all;
    }
    int perPage = PhysicalMemory.FRAME_BYTES / Irte.BYTES;
    for (int first = 0; first < table.entries(); first += perPage) {
      long address = table.address() + (long) first * Irte.BYTES;
      long[] page = RootWalk.page(memory, address);
      for (int i = 0; page != null && i < perPage && first + i < table.entries(); i++) {
        if ((page[2 * i] | page[2 * i + 1]) != 0) {
          long at = address + (long) i * Irte.BYTES;
          all.add(new IrteNode(first + i, at, page[2 * i], page[2 * i + 1]));
        }
      }
    }
    return all;
  }
}
