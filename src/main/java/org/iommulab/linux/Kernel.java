package org.iommulab.linux;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.BootLog;
import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.CommandLine;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.boot.choice.BootChoice;
import org.iommulab.linux.boot.choice.DetectionOrder;
import org.iommulab.linux.dma.DmaApi;
import org.iommulab.linux.dma.DmaView;
import org.iommulab.linux.intel.IntelBoot;
import org.iommulab.linux.iommu.IommuApi;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.mm.FailureInjection;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.mock.MockIommu;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.process.FileSystem;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.User;
import org.iommulab.linux.process.UserMemory;
import org.iommulab.linux.time.Timers;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/** A Linux-like kernel on the laboratory's machine. All its state hangs below this object. */
public final class Kernel implements KernelView {

  private static final int FIRST_PID = 1000;

  private final KernelParts parts;
  private final BootChoice choice;
  private final IommuSubsystem iommu;
  private final User user = new User();
  private final List<Process> processes = new ArrayList<>();
  private final Books books = new Books(this);
  private final MockIommu mock;
  private final Devices devices;
  private final Views views;
  private final Timers timers;
  private final Interrupts interrupts;
  private final BootSequence boot;
  private int nextPid = FIRST_PID;

  private Kernel(KernelParts parts, BootOptions options, BootChoice choice, Platform platform) {
    this.parts = parts;
    this.choice = choice;
    this.iommu = new IommuSubsystem(parts);
    this.mock = new MockIommu(parts, iommu);
    this.interrupts = new Interrupts(parts.trace());
    this.devices = new Devices(parts, iommu, mock, interrupts, options, books::open);
    this.views = new Views(this);
    this.timers = new Timers(parts.clock());
    this.boot = new BootSequence(parts, platform, choice, iommu, timers, options.launch());
  }

  /** Boots a kernel: the IOMMU driver, groups and default domains, then translation. */
  public static BootResult boot(Platform platform, BootOptions options) {
    BootChoice choice =
        BootChoice.decide(
            options.cmdline(),
            options.kconfig(),
            FirmwareFacts.of(platform, options.launch()),
            options.era());
    var log = new BootLog(platform.clock());
    log.print("Command line: " + options.cmdline());
    var frames = new FrameAllocator(platform.memory(), options.tables());
    // What the parsers print is part of the choice.
    CommandLine line = CommandLine.parse(options.cmdline(), options.era(), text -> {});
    reserveFirmwareMemory(frames, platform.dmar());
    line.reservedMemory().forEach(range -> reserve(frames, range));
    var parts =
        new KernelParts(
            platform.memory(),
            frames,
            platform.trace(),
            log,
            options.era(),
            options.walker(),
            line,
            choice.policy(),
            platform.clock());
    var kernel = new Kernel(parts, options, choice, platform);
    return kernel.continueBoot(options.until());
  }

  /** Memory of RMRRs is no RAM to the kernel if the memory map marks it as reserved. */
  private static void reserveFirmwareMemory(FrameAllocator frames, @Nullable DmarFacts dmar) {
    for (DmarFacts.Rmrr region : dmar == null ? List.<DmarFacts.Rmrr>of() : dmar.reserved()) {
      if (region.mapped()) {
        reserve(frames, region.range());
      }
    }
  }

  private static void reserve(FrameAllocator frames, AddressRange range) {
    long first = Page.number(range.start());
    frames.reserve(first, (range.end() - 1 >>> 12) - first + 1);
  }

  /** Goes on with a boot that stopped early, until that stage has been done. */
  public BootResult continueBoot(BootStage last) {
    boot.run(last);
    IntelBoot driver = boot.intel();
    if (driver != null) {
      interrupts.setDomain(driver.interruptDomain());
    }
    return new BootResult(this, boot.translating(), boot.problem());
  }

  /** The stage the boot has come to. */
  public BootStage bootStage() {
    return boot.done();
  }

  /** The function that late boot calls for the IOMMU, as detection left it. */
  public String bootHook() {
    return boot.hook();
  }

  // ---- what the laboratory asks -----------------------------------------------------------------

  @Override
  public List<String> dmesg() {
    return parts.log().lines();
  }

  @Override
  public List<String> messages() {
    return parts.log().messages();
  }

  /** Starts a process with an empty address space. */
  public ModelProcess createProcess(String name) {
    var process = new ModelProcess(nextPid++, name, user, parts, devices);
    processes.add(process);
    return process;
  }

  /** Takes a process in that its maker has built; it is forgotten once it has exited. */
  public <P extends Process> P adopt(ProcessMaker<P> maker, String name) {
    P process = maker.make(nextPid++, name, user, parts, devices);
    processes.add(process);
    return process;
  }

  /** Builds a process of what the kernel gives each. */
  public interface ProcessMaker<P extends Process> {
    /** A process of that number and name; the rest is for {@link Process}. */
    P make(int pid, String name, User user, KernelParts parts, FileSystem files);
  }

  @Override
  public List<ProcessView> processes() {
    return views.processes();
  }

  @Override
  public List<DomainView> domains() {
    return views.domains();
  }

  @Override
  public List<GroupView> groups() {
    return views.groups();
  }

  @Override
  public List<IommufdObjectView> iommufdObjects() {
    return views.iommufdObjects();
  }

  @Override
  public List<String> leaks() {
    return books.leaks();
  }

  /**
   * {@code madvise(MADV_DONTNEED)} of a process: its pages go away and come back with zeros; EINVAL
   * for a process whose memory is not the laboratory's.
   */
  public SyscallResult madvise(Process process, long address, long length) {
    if (parts.trace().isOn()) {
      parts.trace().enter("madvise").hex("addr", address).hex("len", length);
    }
    SyscallResult result =
        process.memory() instanceof UserMemory memory
            ? memory.dontNeed(address, length)
            : SyscallResult.fail(Errno.EINVAL, "the process keeps its own memory");
    result.leave(parts.trace());
    return result;
  }

  /** Detection functions in the order in which this kernel asks them; empty if one is unknown. */
  public List<String> sortIommuTable(List<String> functions) {
    List<String> sorted = DetectionOrder.sort(parts.era(), functions);
    if (parts.trace().isOn()) {
      parts.trace().enter("sort_iommu_table").number("entries", functions.size());
      for (int i = 0; i < sorted.size(); i++) {
        parts.trace().enter(sorted.get(i)).number("place", i + 1);
        parts.trace().leave();
      }
      parts.trace().leave();
    }
    return sorted;
  }

  /** The driver of the units; null if none was found. */
  public @Nullable IntelBoot intel() {
    return boot.intel();
  }

  /** Hands the kernel an interrupt message; false if no driver waits for it. */
  public boolean interrupt(long address, int data) {
    IntelBoot intel = boot.intel();
    if (intel != null && intel.interrupt(address, data)) {
      return true;
    }
    int cpu = (int) (address >>> 12 & 0xFF | address >>> 40 << 8);
    return interrupts.handle(cpu, data & 0xFF);
  }

  /** Interrupts of devices. */
  public Interrupts interrupts() {
    return interrupts;
  }

  /** Runs the timers that are due; called after virtual time has moved. */
  public void timePassed() {
    timers.runDue();
  }

  @Override
  public BootChoice bootChoice() {
    return choice;
  }

  @Override
  public DmaView dmaView() {
    return dma().view();
  }

  /** The DMA API. */
  public DmaApi dma() {
    return boot.dma();
  }

  // ---- direct ways in, for measurements and lessons ---------------------------------------------

  /** {@code iommu_map()} and {@code iommu_unmap()}. */
  public IommuApi iommuApi() {
    return iommu.api();
  }

  /** The domain with that number, see {@link DomainView#id()}; null if there is none. */
  public @Nullable IommuDomain domain(int id) {
    for (IommuDomain domain : iommu.domains()) {
      if (domain.id() == id) {
        return domain;
      }
    }
    return null;
  }

  /** The mock IOMMU's driver, which makes devices for trying iommufd's rules. */
  public MockIommu mockIommu() {
    return mock;
  }

  /** Chooses which allocation of the kernel fails. */
  public FailureInjection failures() {
    return parts.frames().failures();
  }

  /** The kernel's groups, devices and domains. */
  public IommuSubsystem iommu() {
    return iommu;
  }

  /** Physical memory. */
  public PhysicalMemory memory() {
    return parts.memory();
  }

  @Override
  public Optional<SysfsDevice> sysfs(SourceId source) {
    return Optional.ofNullable(iommu.device(source)).map(devices::sysfs);
  }

  @Override
  public List<Assigned> assignedDevices() {
    return devices.assigned();
  }

  @Override
  public boolean showsVfioDevices() {
    return parts.era().showsVfioDevices();
  }

  @Override
  public List<DeviceNode> nodes() {
    return new DeviceNodes(parts.era(), devices.assigned()).all();
  }

  /** Page frames, for leak checks. */
  public FrameAllocator frames() {
    return parts.frames();
  }

  KernelParts parts() {
    return parts;
  }

  /** The processes that have not exited, by pid. */
  public List<Process> running() {
    return processes.stream().filter(process -> !process.exited()).toList();
  }

  /** Those that have ended too: a mapping may outlive the process whose memory it shows. */
  List<Process> everyProcess() {
    return Collections.unmodifiableList(processes);
  }

  int openContexts() {
    return devices.openContexts();
  }
}
