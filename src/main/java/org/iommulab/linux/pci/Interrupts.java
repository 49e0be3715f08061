package org.iommulab.linux.pci;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts of devices: of messages their numbers, vectors, handlers, counts; of pins handlers.
 */
public final class Interrupts {

  private static final int FIRST_IRQ = 24;
  private static final int FIRST_VECTOR = 0x31;
  private static final int LAST_VECTOR = 0xEB;
  private static final int MOST = 2048;

  /** One interrupt of a device ({@code struct irq_desc}). */
  public static final class Irq {
    private final int number;
    private final PciDevice device;
    private final int handle;
    private final int sub;
    private int vector;
    private int cpu;
    private MsiMessage message;
    private @Nullable String handler;
    private Runnable action = () -> {};
    private long count;

    private Irq(int number, PciDevice device, int handle, int sub, int vector, MsiMessage message) {
      this.number = number;
      this.device = device;
      this.handle = handle;
      this.sub = sub;
      this.vector = vector;
      this.message = message;
    }

    public int number() {
      return number;
    }

    public PciDevice device() {
      return device;
    }

    public int vector() {
      return vector;
    }

    /** APIC id of the processor that gets it. */
    public int cpu() {
      return cpu;
    }

    /** How it looks now. */
    public View view() {
      return new View(
          number, device.name(), vector, cpu, message.address(), message.data(), handler, count);
    }

    /** What the device sends. */
    public MsiMessage message() {
      return message;
    }

    /** Name of the handler, null while nobody asked for it. */
    public @Nullable String handler() {
      return handler;
    }

    /** How often it was handled. */
    public long count() {
      return count;
    }
  }

  /**
   * One interrupt at one moment.
   *
   * @param cpu APIC id of the processor that gets it
   * @param address what the device writes to
   * @param data what it writes
   * @param handler name of the handler, null without one
   * @param count how often it was handled
   */
  public record View(
      int number,
      String device,
      int vector,
      int cpu,
      long address,
      int data,
      @Nullable String handler,
      long count) {}

  private final CallTrace trace;
  private final TreeMap<Integer, Irq> irqs = new TreeMap<>();
  private final List<Line> lines = new ArrayList<>();
  private InterruptDomain domain = InterruptDomain.DIRECT;

  /** No interrupts yet, not remapped. */
  public Interrupts(CallTrace trace) {
    this.trace = trace;
  }

  /** Who composes messages from now on. */
  public void setDomain(InterruptDomain newDomain) {
    domain = newDomain;
  }

  /** All of them, by number. */
  public Collection<Irq> all() {
    return Collections.unmodifiableCollection(irqs.values());
  }

  /** The interrupt of that number, or null. */
  public @Nullable Irq irq(int number) {
    return irqs.get(number);
  }

  /** Interrupts of a device, or why there are none. */
  public record Allocated(List<Irq> irqs, Status status) {}

  /** {@code pci_alloc_irq_vectors()}: all or nothing. */
  public Allocated allocate(PciDevice device, int count) {
    if (trace.isOn()) {
      trace.enter("pci_alloc_irq_vectors").text("dev", device.address()).number("max_vecs", count);
    }
    Allocated result = tryAllocate(device, count);
    result.status().leave(trace);
    return result;
  }

  private Allocated tryAllocate(PciDevice device, int count) {
    if (count < 1 || count > MOST) {
      return fail(Errno.ERANGE, "a device has 1 to " + MOST + " interrupts");
    }
    int handle = domain.allocate(device, count);
    if (handle < 0) {
      return fail(Errno.ENOSPC, "the interrupt-remapping table is full");
    }
    var made = new ArrayList<Irq>();
    for (int sub = 0; sub < count; sub++) {
      int vector = freeVector(0);
      if (vector < 0) {
        made.forEach(irq -> irqs.remove(irq.number));
        domain.free(device, handle, count);
        return fail(Errno.ENOSPC, "the processor has no free vector");
      }
      MsiMessage message = domain.compose(device, handle, sub, vector, 0);
      var irq = new Irq(freeNumber(), device, handle, sub, vector, message);
      irqs.put(irq.number, irq);
      made.add(irq);
    }
    return new Allocated(made, Status.OK);
  }

  private static Allocated fail(Errno errno, String cause) {
    return new Allocated(List.of(), Status.fail(errno, cause));
  }

  private int freeNumber() {
    int number = FIRST_IRQ;
    while (irqs.containsKey(number)) {
      number++;
    }
    return number;
  }

  private int freeVector(int cpu) {
    for (int vector = FIRST_VECTOR; vector <= LAST_VECTOR; vector++) {
      if (at(cpu, vector) == null) {
        return vector;
      }
    }
    return -1;
  }

  private @Nullable Irq at(int cpu, int vector) {
    for (Irq irq : irqs.values()) {
      if (irq.cpu == cpu && irq.vector == vector) {
        return irq;
      }
    }
    return null;
  }

  /** {@code pci_free_irq_vectors()}. */
  public void free(PciDevice device) {
    if (trace.isOn()) {
      trace.enter("pci_free_irq_vectors").text("dev", device.address());
    }
    for (Irq irq : List.copyOf(irqs.values())) {
      if (irq.device.equals(device)) {
        irqs.remove(irq.number);
        domain.free(device, irq.handle + irq.sub, 1);
      }
    }
    Status.OK.leave(trace);
  }

  /** Takes one interrupt back, as of a device whose vectors come and go one by one. */
  public void free(Irq irq) {
    if (irqs.remove(irq.number, irq)) {
      domain.free(irq.device, irq.handle + irq.sub, 1);
    }
  }

  /** {@code request_irq()} with a handler that only counts. */
  public Status request(int number, String name) {
    return request(number, name, () -> {});
  }

  /** {@code request_irq()}. */
  public Status request(int number, String name, Runnable action) {
    if (trace.isOn()) {
      trace.enter("request_irq").number("irq", number).text("name", name);
    }
    return requested(number, name, action).leave(trace);
  }

  private Status requested(int number, String name, Runnable action) {
    Irq irq = irqs.get(number);
    if (irq == null) {
      return Status.fail(Errno.EINVAL, "there is no interrupt " + number);
    }
    if (irq.handler != null) {
      return Status.fail(Errno.EBUSY, "interrupt " + number + " belongs to " + irq.handler);
    }
    irq.handler = name;
    irq.action = action;
    return Status.OK;
  }

  /** {@code irq_set_affinity()}: another processor gets it; the device need not know. */
  public Status setAffinity(int number, int cpu) {
    Irq irq = irqs.get(number);
    if (irq == null) {
      return Status.fail(Errno.EINVAL, "there is no interrupt " + number);
    }
    int vector = freeVector(cpu);
    if (vector < 0) {
      return Status.fail(Errno.ENOSPC, "the processor has no free vector");
    }
    if (trace.isOn()) {
      trace.enter("irq_set_affinity").number("irq", number).number("cpu", cpu);
    }
    irq.message = domain.compose(irq.device, irq.handle, irq.sub, vector, cpu);
    irq.vector = vector;
    irq.cpu = cpu;
    return Status.OK.leave(trace);
  }

  /**
   * Handles a message that reached a processor; false if nobody waits for it.
   *
   * @param cpu APIC id
   */
  public boolean handle(int cpu, int vector) {
    Irq irq = at(cpu, vector);
    if (irq == null || irq.handler == null) {
      return false;
    }
    irq.count++;
    if (trace.isOn()) {
      trace
          .enter("handle_edge_irq")
          .number("irq", irq.number)
          .text("handler", irq.handler)
          .number("count", irq.count);
    }
    irq.action.run();
    if (trace.isOn()) {
      trace.leave();
    }
    return true;
  }

  // ---- interrupt pins ---------------------------------------------------------------------------

  /** A device's interrupt pin (INTx) with its handler: called as long as the pin is asserted. */
  public final class Line {
    private final String device;
    private final BooleanSupplier level;
    private final Runnable action;
    private boolean masked;

    private Line(String device, BooleanSupplier level, Runnable action) {
      this.device = device;
      this.level = level;
      this.action = action;
    }

    /** {@code disable_irq_nosync()}: the handler is not called until {@link #unmask}. */
    public void mask() {
      masked = true;
    }

    /** {@code enable_irq()}: a pin that is asserted still is handled anew. */
    public void unmask() {
      masked = false;
    }

    /** {@code free_irq()}. */
    public void free() {
      lines.remove(this);
    }
  }

  /**
   * {@code request_irq()} for a pin.
   *
   * @param level whether the pin is asserted now
   * @param action what handles it; it masks the line or makes the device let go
   */
  public Line requestLine(PciDevice device, BooleanSupplier level, Runnable action) {
    if (trace.isOn()) {
      trace.enter("request_irq").text("dev", device.address()).text("name", "vfio-intx");
    }
    var line = new Line(device.address(), level, action);
    lines.add(line);
    Status.OK.leave(trace);
    return line;
  }

  /** Handles every pin that is asserted and not masked, once. */
  public void handleLines() {
    for (Line line : List.copyOf(lines)) {
      if (!line.masked && line.level.getAsBoolean()) {
        if (trace.isOn()) {
          trace.enter("handle_fasteoi_irq").text("dev", line.device);
        }
        line.action.run();
        if (trace.isOn()) {
          trace.leave();
        }
      }
    }
  }
}
