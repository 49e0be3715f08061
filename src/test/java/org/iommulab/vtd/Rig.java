package org.iommulab.vtd;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.AtsEndpoint;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.request.WalkPath;
import org.jspecify.annotations.Nullable;

/**
 * A unit with memory and the few structures a test needs.
 *
 * <pre>
 *  0x0010_0000  tables, one frame each, in the order they are asked for
 *  0x0400_0000  data
 *  0x1000_0000  end of RAM; above it nothing is readable
 * </pre>
 */
final class Rig {

  static final int SID = 0x18;
  static final SourceId DEVICE = new SourceId(SID);
  static final long DATA = 0x400_0000L;
  static final long NOWHERE = 0x2000_0000L;
  static final int DID = 5;

  /** Offsets of registers, the same in all configurations used here. */
  static final int FSTS = 0x34;

  static final int RECORDS = 0x220;

  final PhysicalMemory memory = PhysicalMemory.ofSize(0x1000_0000L);
  final List<long[]> messages = new ArrayList<>();
  final RemappingUnit unit;
  final DeviceTlb endpoint;
  private long next = 0x10_0000;
  private long commands;
  long root;
  long context;
  long directory;
  long pasids;

  Rig(UnitConfiguration configuration) {
    unit =
        new RemappingUnit(
            configuration,
            new Surroundings(
                memory,
                (address, data) -> messages.add(new long[] {address, data}),
                this::endpoint));
    endpoint = new DeviceTlb(DEVICE, unit, DeviceTlb.USUAL_CAPACITY);
  }

  private @Nullable AtsEndpoint endpoint(SourceId source) {
    return source.equals(DEVICE) ? endpoint : null;
  }

  /** Everything the architecture offers. */
  static Capabilities everything() {
    long cap = 0;
    cap = CapabilityLayout.ND.with(cap, 6);
    cap = CapabilityLayout.PLMR.with(cap, 1);
    cap = CapabilityLayout.PHMR.with(cap, 1);
    cap = CapabilityLayout.SAGAW.with(cap, 0b1110);
    cap = CapabilityLayout.MGAW.with(cap, 56);
    cap = CapabilityLayout.ZLR.with(cap, 1);
    cap = CapabilityLayout.FRO.with(cap, 0x22);
    cap = CapabilityLayout.SSLPS.with(cap, 3);
    cap = CapabilityLayout.PSI.with(cap, 1);
    cap = CapabilityLayout.NFR.with(cap, 3);
    cap = CapabilityLayout.MAMV.with(cap, 18);
    cap = CapabilityLayout.FS1GP.with(cap, 1);
    cap = CapabilityLayout.PI.with(cap, 1);
    cap = CapabilityLayout.FS5LP.with(cap, 1);
    long ecap = 0;
    for (var field :
        List.of(
            ExtendedCapabilityLayout.C,
            ExtendedCapabilityLayout.QI,
            ExtendedCapabilityLayout.DT,
            ExtendedCapabilityLayout.IR,
            ExtendedCapabilityLayout.EIM,
            ExtendedCapabilityLayout.PT,
            ExtendedCapabilityLayout.SC,
            ExtendedCapabilityLayout.NEST,
            ExtendedCapabilityLayout.PRS,
            ExtendedCapabilityLayout.ERS,
            ExtendedCapabilityLayout.SRS,
            ExtendedCapabilityLayout.NWFS,
            ExtendedCapabilityLayout.EAFS,
            ExtendedCapabilityLayout.PASID,
            ExtendedCapabilityLayout.PDS,
            ExtendedCapabilityLayout.SMTS,
            ExtendedCapabilityLayout.SSADS,
            ExtendedCapabilityLayout.SSTS,
            ExtendedCapabilityLayout.FSTS,
            ExtendedCapabilityLayout.SMPWCS,
            ExtendedCapabilityLayout.RPS,
            ExtendedCapabilityLayout.ADMS)) {
      ecap = field.with(ecap, 1);
    }
    ecap = ExtendedCapabilityLayout.IRO.with(ecap, 0xF);
    ecap = ExtendedCapabilityLayout.PSS.with(ecap, 19);
    return new Capabilities(cap, ecap, 0x50, 46);
  }

  static Rig spec() {
    return new Rig(Profiles.spec(everything()));
  }

  static Rig spec(MachineOptions options) {
    return new Rig(Profiles.named(Profiles.SPEC, options).orElseThrow());
  }

  static Rig qemu(MachineOptions options) {
    return new Rig(Profiles.named(Profiles.QEMU_7_2, options).orElseThrow());
  }

  static MachineOptions options(boolean scalable, boolean intremap) {
    return MachineOptions.DEFAULT
        .withAwBits(48)
        .with(MachineOption.SCALABLE, scalable)
        .with(MachineOption.INTREMAP, intremap);
  }

  long table() {
    long frame = next;
    next += 4096;
    return frame;
  }

  void set(long address, long... quadwords) {
    for (int i = 0; i < quadwords.length; i++) {
      memory.writeQword(address + 8L * i, quadwords[i]);
    }
  }

  /** Address of the entry of one level that translates an address. */
  long slot(long top, int levels, long iova, int level) {
    long at = top;
    for (int l = levels; l > level; l--) {
      at = memory.readQword(at + (iova >>> 9 * l + 3 & 511) * 8) & 0xF_FFFF_FFFF_F000L;
    }
    return at + (iova >>> 9 * level + 3 & 511) * 8;
  }

  /** Maps one page in either kind of table; {@code upper} are the bits of table entries. */
  void map(long top, int levels, long iova, long leaf, int leafLevel, long upper) {
    for (int level = levels; level > leafLevel; level--) {
      long slot = slot(top, levels, iova, level);
      if (memory.readQword(slot) == 0) {
        memory.writeQword(slot, table() | upper);
      }
    }
    memory.writeQword(slot(top, levels, iova, leafLevel), leaf);
  }

  // ---- legacy mode -----------------------------------------------------------------------------

  /** Root and context entry of the device; returns the top table of four levels. */
  long legacy(int type, int extra) {
    long top = table();
    root = table();
    context = table();
    set(root, context | 1, 0);
    set(context + SID * 16L, top | type << 2 | 1 | extra, DID << 8 | 2);
    return top;
  }

  void start(long mode) {
    unit.write(0x20, 8, root | mode << 10);
    command(1L << 30);
    enable(1L << 31);
  }

  void enable(long bits) {
    commands |= bits;
    command(0);
  }

  void disable(long bits) {
    commands &= ~bits;
    command(0);
  }

  void command(long oneShot) {
    unit.write(0x18, 4, commands | oneShot);
  }

  long status() {
    return unit.read(0x1C, 4);
  }

  void invalidateAll() {
    unit.write(0x28, 8, 1L << 63 | 1L << 61);
    unit.write(0xF8, 8, 1L << 63 | 1L << 60);
  }

  // ---- scalable mode ---------------------------------------------------------------------------

  /** Tables of scalable mode down to an empty PASID table. */
  void scalable(long contextBits) {
    root = table();
    context = table();
    directory = table();
    pasids = table();
    set(root, context | 1, 0);
    set(context + SID * 32L, directory | 1 | contextBits, 0, 0, 0);
    set(directory, pasids | 1);
  }

  void pasidEntry(int pasid, long... quadwords) {
    set(pasids + 64L * pasid, quadwords);
  }

  /** A second-stage PASID entry of four levels; returns its top table. */
  long secondStage(int pasid, long extra) {
    long top = table();
    pasidEntry(pasid, top | 2 << 6 | 2 << 2 | 1 | extra, DID | 1L << 23);
    return top;
  }

  /** A first-stage PASID entry of four levels; returns its top table. */
  long firstStage(int pasid, long bits) {
    long top = table();
    pasidEntry(pasid, 1 << 6 | 1, DID | 1L << 23, top | bits);
    return top;
  }

  // ---- requests --------------------------------------------------------------------------------

  WalkPath read(long address) {
    return unit.trace(DmaAccess.read(DEVICE, address, 8));
  }

  WalkPath write(long address) {
    return unit.trace(DmaAccess.write(DEVICE, address, 8));
  }

  WalkPath request(DmaAccess.Kind kind, long address, int pasid, boolean privileged) {
    return unit.trace(
        DmaAccess.of(DEVICE, address, 8, kind)
            .withPasid(new Pasid(pasid))
            .withPrivileged(privileged));
  }

  // ---- queue -----------------------------------------------------------------------------------

  private long queue;
  private long tail;

  void queue(long bits) {
    queue = table();
    unit.write(0x90, 8, queue | bits);
    enable(1L << 26);
  }

  void submit(long low, long high) {
    set(queue + tail, low, high);
    tail += 16;
    unit.write(0x88, 8, tail);
  }

  /** Submits several 128-bit descriptors with one write of the tail. */
  void submitTogether(long... words) {
    set(queue + tail, words);
    tail += 8L * words.length;
    unit.write(0x88, 8, tail);
  }

  /** Submits to a queue of 256-bit descriptors. */
  void submitWide(long low, long high) {
    set(queue + tail, low, high, 0, 0);
    tail += 32;
    unit.write(0x88, 8, tail);
  }

  /** Upper quadword of the first fault record. */
  long record() {
    return unit.read(RECORDS + 8, 8);
  }

  boolean isRecorded() {
    return record() < 0;
  }
}
