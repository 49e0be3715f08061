package org.iommulab.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine: RAM inside the VMM's process, devices assigned to it, perhaps a VT-d unit of
 * its own, and a kernel that knows nothing of all this.
 */
public final class Guest {

  private static final long UNIT_BASE = 0xFED9_0000L;

  private final CallTrace trace;
  private final Messages messages;
  private final GuestOptions options;
  private final List<PciDevice> devices = new ArrayList<>();
  private final List<DeviceAddressSpace> spaces = new ArrayList<>();
  private final List<MemoryListener> listeners = new ArrayList<>();
  private final GuestLayout layout;
  private final PhysicalMemory memory;
  private final @Nullable VirtualUnit unit;
  private @Nullable VfioContainer shared;
  private @Nullable Kernel kernel;

  /**
   * A guest that has not booted.
   *
   * @param ram where its RAM lies in the process
   * @param bios where its BIOS lies there
   */
  Guest(
      ModelProcess process,
      CallTrace trace,
      Messages messages,
      GuestOptions options,
      long ram,
      long bios) {
    this.trace = trace;
    this.messages = messages;
    this.options = options;
    layout = GuestLayout.pc(options.ram(), ram, bios);
    memory = PhysicalMemory.over(layout.ramRanges(), new GuestFrames(process, layout));
    unit =
        options
            .unit()
            .map(one -> new VirtualUnit(one, memory, this::interrupt, trace, messages))
            .orElse(null);
  }

  private void interrupt(long address, int data) {
    Kernel running = kernel;
    if (running != null) {
      running.interrupt(address, data);
    }
  }

  boolean hasUnit() {
    return options.unit().isPresent();
  }

  /** Shows the guest's memory to a device that was assigned. */
  SyscallResult plug(SourceId source, VfioContainer container) {
    SyscallResult result = SyscallResult.ok(0);
    VirtualUnit own = unit;
    if (own != null) {
      var space = new DeviceAddressSpace(source, layout, container, trace, messages);
      result = own.plug(space);
      if (!result.failed()) {
        spaces.add(space);
        listeners.add(space.listener());
      }
    } else if (shared != container) {
      var listener = new MemoryListener(container, trace, messages);
      result = listener.addAll(layout);
      if (!result.failed()) {
        shared = container;
        listeners.add(listener);
      }
    }
    if (!result.failed()) {
      devices.add(PciDevice.endpoint(source, source.toString()));
    }
    return result;
  }

  // ---- memory -----------------------------------------------------------------------------------

  /** The guest's physical memory: the same bytes as in the VMM's process. */
  public PhysicalMemory memory() {
    return memory;
  }

  /**
   * Lays a section over the guest's address space; listeners map it for the devices. Sections must
   * not overlap memory that is there.
   *
   * @return success, or why a listener could not map it
   */
  public SyscallResult addRegion(MemorySection section) {
    if (trace.isOn()) {
      trace.enter("memory_region_add_subregion").text("name", section.name());
    }
    layout.add(section);
    SyscallResult result = SyscallResult.ok(0);
    for (DeviceAddressSpace space : spaces) {
      if (!space.shadowed()) {
        result = worse(result, space.listener().regionAdd(section));
      }
    }
    if (spaces.isEmpty()) {
      for (MemoryListener listener : listeners) {
        result = worse(result, listener.regionAdd(section));
      }
    }
    result.leave(trace);
    return result;
  }

  /** The sections of its address space. */
  public List<MemorySection> sections() {
    return layout.sections();
  }

  private static SyscallResult worse(SyscallResult one, SyscallResult other) {
    return one.failed() ? one : other;
  }

  /** Takes a section away that begins there; empty if none does. */
  public Optional<MemorySection> removeRegion(long start) {
    Optional<MemorySection> found =
        layout.sections().reversed().stream().filter(one -> one.start() == start).findFirst();
    if (found.isPresent()) {
      if (trace.isOn()) {
        trace.enter("memory_region_del_subregion").text("name", found.get().name());
      }
      listeners.forEach(listener -> listener.regionDel(found.get()));
      layout.remove(found.get());
      if (trace.isOn()) {
        trace.leave();
      }
    }
    return found;
  }

  // ---- the kernel inside ------------------------------------------------------------------------

  /** The guest's kernel, once booted. */
  public Optional<Kernel> kernel() {
    return Optional.ofNullable(kernel);
  }

  /**
   * Boots a kernel in the guest.
   *
   * @param names what the assigned devices are called, by requester id
   */
  public BootResult boot(BootOptions boot, Map<SourceId, String> names) {
    VirtualUnit own = unit;
    Map<Long, Mmio> mmio = own == null ? Map.of() : Map.of(UNIT_BASE, own);
    int width = options.unit().map(one -> one.capabilities().hostAddressWidth()).orElse(0);
    List<PciDevice> found =
        devices.stream()
            .map(one -> PciDevice.endpoint(one.sid(), names.getOrDefault(one.sid(), one.name())))
            .toList();
    var platform =
        new Platform(
            memory,
            mmio,
            own == null ? null : DmarFacts.single(width, UNIT_BASE),
            found,
            trace,
            options.clock());
    BootResult result = Kernel.boot(platform, boot);
    kernel = result.kernel();
    return result;
  }

  /** Lets the guest's timers fire. */
  public void timePassed() {
    Kernel running = kernel;
    if (running != null) {
      running.timePassed();
    }
  }

  // ---- what can be seen -------------------------------------------------------------------------

  /** Everything about the guest now. */
  public GuestView view() {
    VirtualUnit own = unit;
    Kernel running = kernel;
    List<GuestView.Device> seen =
        own == null
            ? devices.stream()
                .map(
                    one ->
                        new GuestView.Device(
                            one.name(), false, listeners.getFirst().bytes(), List.of(), 0, 0))
                .toList()
            : spaces.stream().map(DeviceAddressSpace::view).toList();
    return new GuestView(
        layout.ram(),
        own != null,
        own != null && own.translating(),
        layout.sections(),
        seen,
        running == null ? List.of() : running.dmesg());
  }
}
