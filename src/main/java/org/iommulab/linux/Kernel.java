package org.iommulab.linux;

import java.util.List;
import java.util.Map;
import org.iommulab.linux.process.Process;

/** A Linux-like kernel on the laboratory's machine. All its state hangs below this object. */
public final class Kernel {

  private Kernel() {}

  /** Boots a kernel: the IOMMU driver, groups and default domains, then translation. */
  public static BootResult boot(Platform platform, BootOptions options) {
    return new BootResult(new Kernel(), false, "no remapping hardware was found");
  }

  /** The boot log and everything printed since, oldest first, as {@code dmesg} shows it. */
  public List<String> dmesg() {
    return List.of();
  }

  /** Starts a process with an empty address space. */
  public Process createProcess(String name) {
    return new Process(1, name);
  }

  /** Processes that have not exited, by pid. */
  public List<ProcessView> processes() {
    return List.of();
  }

  /** Paging domains, oldest first. */
  public List<DomainView> domains() {
    return List.of();
  }

  /** IOMMU groups by number. */
  public List<GroupView> groups() {
    return List.of();
  }

  /** Objects of every open iommufd context, by process, file and id. */
  public List<IommufdObjectView> iommufdObjects() {
    return List.of();
  }

  /**
   * Calls a kernel function by its name with named arguments: numbers as {@link Long}, texts as
   * {@link String}, lists as {@link List}.
   */
  public CallOutcome call(String function, Map<String, Object> arguments) {
    return CallOutcome.unknown(function);
  }

  /** Runs the timers that are due; called after virtual time has moved. */
  public void timePassed() {}
}
