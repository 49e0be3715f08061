package org.iommulab.peer.exec;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.program.Area;
import org.iommulab.linux.program.Request;
import org.iommulab.peer.host.StoppedThread;
import org.iommulab.peer.host.Tracer;
import org.iommulab.peer.x86.Emulator;
import org.iommulab.peer.x86.TargetMemory;
import org.jspecify.annotations.Nullable;

/**
 * Registers behind mapped BARs. The file of such a device holds nothing, so that every access to a
 * mapping stops its thread with a bus error; the instruction is then carried out here, with the
 * device's registers for the memory it means, and the thread goes on behind it.
 */
final class Traps implements Tracer.Handler {

  private static final int LARGEST_ACCESS = 8;

  /** So many instructions that are not known are told, no more. */
  private static final int MOST_TOLD = 16;

  private final Supervisor supervisor;
  private final LiveWorld world;
  private final Set<Long> told = new HashSet<>();

  Traps(Supervisor supervisor, LiveWorld world) {
    this.supervisor = supervisor;
    this.world = world;
  }

  @Override
  public boolean busError(int process, long address, StoppedThread thread) {
    if (supervisor.known(thread.id()) == null) {
      return false;
    }
    world.begin(null);
    if (world.registerFile(process, address) == null) {
      return false;
    }
    byte[] code = thread.code();
    long at = thread.registers().rip();
    Emulator.Outcome outcome =
        Emulator.carryOut(code, thread.registers(), thread, new Mapped(process));
    supervisor.raise();
    if (outcome == Emulator.Outcome.UNKNOWN && told.size() < MOST_TOLD && told.add(at)) {
      System.err.printf(
          Locale.ROOT,
          "iommu-lab: the instruction at 0x%x (%s) reaches for a device's register and is none"
              + " that can be carried out in the processor's place; the program gets SIGBUS%n",
          at,
          HexFormat.ofDelimiter(" ").formatHex(code));
    }
    return outcome == Emulator.Outcome.DONE;
  }

  /** The memory of a process: registers where they are mapped, and what is its own. */
  private final class Mapped implements TargetMemory {

    private final int process;

    Mapped(int process) {
      this.process = process;
    }

    /** The mapping of registers that holds all those bytes; null if there is none. */
    private @Nullable Area registers(long address, int count) {
      Area area = world.area(process, address);
      boolean whole = area != null && address + count <= area.end();
      return whole && world.registerFile(process, address) != null ? area : null;
    }

    @Override
    public boolean load(long address, byte[] target) {
      Area area = registers(address, target.length);
      if (area == null) {
        return world.read(process, address, target);
      }
      for (int done = 0; done < target.length; ) {
        int count = Math.min(target.length - done, LARGEST_ACCESS);
        SyscallResult result = access(area, address + done, count, false, 0);
        if (result.failed()) {
          return false;
        }
        for (int i = 0; i < count; i++) {
          target[done++] = (byte) (result.ret() >>> 8 * i);
        }
      }
      return true;
    }

    @Override
    public boolean store(long address, byte[] source) {
      Area area = registers(address, source.length);
      if (area == null) {
        return world.write(process, address, source);
      }
      for (int done = 0; area.writable() && done < source.length; ) {
        int count = Math.min(source.length - done, LARGEST_ACCESS);
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
          value = value << 8 | source[done + i] & 0xFF;
        }
        if (access(area, address + done, count, true, value).failed()) {
          return false;
        }
        done += count;
      }
      return area.writable();
    }

    private SyscallResult access(Area area, long address, int count, boolean store, long value) {
      String link = String.valueOf(world.registerFile(process, address));
      long offset = address - area.start() + area.offset();
      return supervisor.perform(new Request.Access(process, link, offset, count, store, value));
    }
  }
}
