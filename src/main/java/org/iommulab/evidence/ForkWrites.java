package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.evidence.ForkPlan.Write;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.QueueContents;
import org.iommulab.vtd.tables.RegisterValues;

/** The register writes of a driver that finds tables and queue ready in memory. */
final class ForkWrites {

  private static final Field GSTS_QIES = RegisterLayouts.GSTS.field("QIES");
  private static final Field GSTS_IRTPS = RegisterLayouts.GSTS.field("IRTPS");
  private static final Field GSTS_RTPS = RegisterLayouts.GSTS.field("RTPS");
  private static final Field QUEUE_WIDTH = RegisterLayouts.IQA.field("DW");

  private final Snapshot snapshot;
  private final RegisterValues registers;
  private final List<Write> writes = new ArrayList<>();
  private long command;

  ForkWrites(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.registers = snapshot.registers();
  }

  List<Write> list() {
    events();
    if (GSTS_QIES.isSet(registers.gsts())) {
      queue();
    }
    if (GSTS_RTPS.isSet(registers.gsts())) {
      copy(RegisterLayouts.RTADDR);
      once("SRTP");
    }
    if (GSTS_IRTPS.isSet(registers.gsts())) {
      copy(RegisterLayouts.IRTA);
      once("SIRTP");
    }
    persistent("IRES", "IRE");
    persistent("CFIS", "CFI");
    persistent("TES", "TE");
    return writes;
  }

  private void events() {
    for (Register register :
        List.of(
            RegisterLayouts.FEDATA,
            RegisterLayouts.FEADDR,
            RegisterLayouts.FEUADDR,
            RegisterLayouts.FECTL,
            RegisterLayouts.IEDATA,
            RegisterLayouts.IEADDR,
            RegisterLayouts.IEUADDR,
            RegisterLayouts.IECTL)) {
      copy(register);
    }
  }

  /** The consumed descriptors must not run again: head and tail start at 0. */
  private void queue() {
    boolean wide = snapshot.tables().queue().map(QueueContents::descriptorBytes).orElse(0) == 32;
    long address = QUEUE_WIDTH.with(registers.iqa(), wide ? 1 : 0);
    write(RegisterLayouts.IQT, 0);
    write(RegisterLayouts.IQA, address);
    persistent("QIES", "QIE");
  }

  private void copy(Register register) {
    write(register, registers.value(register));
  }

  private void write(Register register, long value) {
    writes.add(new Write(register.name(), registers.offset(register), register.bytes(), value));
  }

  private void once(String name) {
    write(RegisterLayouts.GCMD, command | RegisterLayouts.GCMD.field(name).mask());
  }

  private void persistent(String status, String name) {
    if (RegisterLayouts.GSTS.field(status).isSet(registers.gsts())) {
      command |= RegisterLayouts.GCMD.field(name).mask();
      write(RegisterLayouts.GCMD, command);
    }
  }
}
