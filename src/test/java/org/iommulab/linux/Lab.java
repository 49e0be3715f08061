package org.iommulab.linux;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallTrace;

/** Machine L of the lessons with a fake unit and a booted kernel. */
public final class Lab {

  private static final long BASE = 0xFED9_0000L;

  public final PhysicalMemory memory = PhysicalMemory.ofSize(8L << 30);
  public final CallTrace trace = new CallTrace();
  public final FakeUnit unit;
  public final BootResult boot;
  public final Kernel kernel;

  private Lab(long cap, long ecap, BootOptions options, boolean traced) {
    unit = new FakeUnit(memory, cap, ecap);
    trace.setOn(traced);
    var platform =
        new Platform(
            memory,
            Map.of(BASE, unit),
            DmarFacts.single(46, BASE),
            List.of(
                device(3, "nic"), device(4, "old").withDmaMask(0xFFFF_FFFFL), device(5, "rogue")),
            trace,
            () -> 0L);
    boot = Kernel.boot(platform, options.withUnsafeInterrupts());
    kernel = NothingLeaks.watch(boot.kernel());
  }

  private static PciDevice device(int number, String name) {
    return PciDevice.endpoint(SourceId.of(0, number, 0), name);
  }

  public static Lab boot(String cmdline) {
    return new Lab(FakeUnit.CAP_L, FakeUnit.ECAP_L, BootOptions.of(cmdline), false);
  }

  public static Lab boot(BootOptions options) {
    return new Lab(FakeUnit.CAP_L, FakeUnit.ECAP_L, options, false);
  }

  public static Lab boot(long cap, long ecap, BootOptions options) {
    return new Lab(cap, ecap, options, false);
  }

  /** Switches the trace on and forgets what was recorded. */
  public void trace() {
    trace.setOn(true);
    trace.take();
  }

  /** Every recorded call of a function, outermost first. */
  public List<CallFrame> calls(List<CallFrame> frames, String function) {
    return frames.stream()
        .flatMap(
            frame ->
                Stream.concat(
                    frame.function().equals(function) ? Stream.of(frame) : Stream.of(),
                    calls(frame.children(), function).stream()))
        .toList();
  }
}
