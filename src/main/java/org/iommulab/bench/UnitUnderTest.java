package org.iommulab.bench;

import org.iommulab.bus.MessageSink;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/** A unit with memory and tables, driven by its registers as a kernel drives it. */
final class UnitUnderTest {

  /** 4 levels, 48 bits, 2 MiB and 1 GiB pages, a 46-bit host. */
  static final Capabilities SERVER = new Capabilities(0x08D2_078C_106F_0466L, 0xF0_20DFL, 0x10, 46);

  /** Scalable mode with both stages and nesting; its registers are those of a recent server. */
  static final Capabilities SCALABLE =
      new Capabilities(0x19ED_008C_4078_0C66L, 0x3_EE9E_86F0_50DFL, 0x60, 52);

  private static final Register GCMD = RegisterLayouts.GCMD;

  final PhysicalMemory memory = PhysicalMemory.ofSize(1L << 32);
  final TableWriter tables = new TableWriter(memory);
  final RemappingUnit unit;

  private final Capabilities capabilities;
  private long commands;
  private long queue;
  private long tail;

  UnitUnderTest(Capabilities capabilities, CacheGeometry iotlb, MessageSink messages) {
    this.capabilities = capabilities;
    UnitConfiguration configuration =
        Profiles.named(Profiles.SPEC)
            .orElseThrow()
            .withCapabilities(capabilities)
            .withIotlb(iotlb)
            .withPagingCache(CacheGeometry.none());
    unit = new RemappingUnit(configuration, memory, messages);
  }

  UnitUnderTest(Capabilities capabilities, CacheGeometry iotlb) {
    this(capabilities, iotlb, (address, data) -> {});
  }

  void write(Register register, long value) {
    unit.write(register.offset(capabilities.cap(), capabilities.ecap()), register.bytes(), value);
  }

  /** Sets the root table, with the mode's bits, and switches translation on. */
  void start(long root) {
    write(RegisterLayouts.RTADDR, root);
    command("SRTP");
    enable("TE");
  }

  /** A one-shot command. */
  void command(String field) {
    write(GCMD, commands | GCMD.field(field).mask());
  }

  void enable(String field) {
    commands |= GCMD.field(field).mask();
    write(GCMD, commands);
  }

  /** Switches queued invalidation on, with one page of descriptors. */
  void startQueue() {
    queue = tables.newTable();
    write(RegisterLayouts.IQA, queue);
    enable("QIE");
  }

  /** Puts a descriptor into the queue and tells the unit. */
  void submit(long low, long high) {
    memory.writeQword(queue + tail, low);
    memory.writeQword(queue + tail + 8, high);
    tail = tail + 16 & PhysicalMemory.FRAME_BYTES - 1;
    write(RegisterLayouts.IQT, tail);
  }
}
