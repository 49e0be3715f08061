package org.iommulab.linux.vfio;

import java.util.Locale;
import org.iommulab.bus.PciFunction;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.process.EventCounter;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiFlags;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts of a function in the hands of user space (vfio_pci_intrs.c): each kind has its
 * eventfds; the pin, MSI and MSI-X exclude each other. Messages are interrupts of the kernel's like
 * any other driver's, remapped where there is a table; the pin is masked with each interrupt until
 * the user unmasks it.
 */
final class VfioPciInterrupts {

  /** Kinds of interrupts: pin, MSI, MSI-X, errors, requests to give the device back. */
  static final int KINDS = 5;

  private static final int NONE = -1;
  private static final int PIN = 0;
  private static final int MSI = 1;
  private static final int MSIX = 2;

  private static final int ANY_DATA =
      UapiFlags.IRQ_DATA_NONE | UapiFlags.IRQ_DATA_BOOL | UapiFlags.IRQ_DATA_EVENTFD;
  private static final int ANY_ACTION =
      UapiFlags.IRQ_ACTION_MASK | UapiFlags.IRQ_ACTION_UNMASK | UapiFlags.IRQ_ACTION_TRIGGER;
  private static final int HEAD_BYTES = 20;

  private static final int MASKABLE = UapiFlags.IRQ_INFO_MASKABLE | UapiFlags.IRQ_INFO_AUTOMASKED;

  private final PciDevice device;
  private final VfioPciConfig config;
  private final Interrupts kernel;
  private final int[] counts;
  private final EventCounter.@Nullable Held[][] events = new EventCounter.Held[KINDS][];
  private final Interrupts.@Nullable Irq[] messages;
  private Interrupts.@Nullable Line line;
  private EventCounter.@Nullable Held unmasking;
  private int active = NONE;

  VfioPciInterrupts(PciDevice device, VfioPciConfig config, Interrupts kernel) {
    this.device = device;
    this.config = config;
    this.kernel = kernel;
    PciFunction function = device.function();
    boolean pin = function != null && function.hasPin();
    counts = new int[] {pin ? 1 : 0, 1, VfioPciConfig.MSIX_VECTORS, 1, 1};
    for (int i = 0; i < KINDS; i++) {
      events[i] = new EventCounter.Held[counts[i]];
    }
    messages = new Interrupts.Irq[VfioPciConfig.MSIX_VECTORS];
  }

  /** {@code VFIO_DEVICE_GET_IRQ_INFO}. */
  Status info(UserStruct arg) {
    int index = arg.id("index");
    if (index < 0 || index >= KINDS) {
      return Status.fail(Errno.EINVAL, "the device has no interrupts of kind " + index);
    }
    int kind = index == PIN ? MASKABLE : UapiFlags.IRQ_INFO_NORESIZE;
    arg.put("flags", UapiFlags.IRQ_INFO_EVENTFD | kind);
    arg.put("count", counts[index]);
    return arg.copyOut();
  }

  /** What a {@code VFIO_DEVICE_SET_IRQS} wants. */
  private record Wish(UserStruct arg, int index, int start, int count, int flags, byte[] data) {

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** Tells whether the i-th interrupt is meant, for data that is no eventfd. */
    boolean means(int i) {
      return has(UapiFlags.IRQ_DATA_NONE) || data[i] != 0;
    }

    int descriptor(int i) {
      return data[4 * i] & 0xFF
          | (data[4 * i + 1] & 0xFF) << 8
          | (data[4 * i + 2] & 0xFF) << 16
          | data[4 * i + 3] << 24;
    }
  }

  /** {@code VFIO_DEVICE_SET_IRQS}. */
  Status set(UserStruct arg) {
    int flags = arg.id("flags");
    long start = arg.get("start");
    long count = arg.get("count");
    int index = arg.id("index");
    if (index < 0 || index >= KINDS || (flags & ~(ANY_DATA | ANY_ACTION)) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags, or no such kind of interrupt");
    }
    if (start >= Math.max(counts[index], 1) || start + count > counts[index]) {
      return Status.fail(Errno.EINVAL, "the device has " + counts[index] + " such interrupts");
    }
    int size =
        switch (flags & ANY_DATA) {
          case UapiFlags.IRQ_DATA_NONE -> 0;
          case UapiFlags.IRQ_DATA_BOOL -> 1;
          case UapiFlags.IRQ_DATA_EVENTFD -> 4;
          default -> -1;
        };
    if (size < 0 || arg.get("argsz") - HEAD_BYTES < count * size) {
      return Status.fail(Errno.EINVAL, "one kind of data, as long as count says, is needed");
    }
    byte[] data = new byte[(int) count * size];
    if (data.length > 0 && !arg.process().read(arg.address() + HEAD_BYTES, data)) {
      return Status.fail(Errno.EFAULT, "the data cannot be read");
    }
    var wish = new Wish(arg, index, (int) start, (int) count, flags, data);
    int action = flags & ANY_ACTION;
    if (index == PIN
        && (action == UapiFlags.IRQ_ACTION_MASK || action == UapiFlags.IRQ_ACTION_UNMASK)) {
      return mask(wish, action == UapiFlags.IRQ_ACTION_MASK);
    }
    if (action != UapiFlags.IRQ_ACTION_TRIGGER) {
      return Status.fail(Errno.ENOTTY, "this kind of interrupt cannot be masked");
    }
    return index == PIN ? pin(wish) : trigger(wish);
  }

  // ---- the pin ----------------------------------------------------------------------------------

  /** {@code vfio_pci_set_intx_trigger()}. */
  private Status pin(Wish wish) {
    if (active == PIN && wish.count() == 0 && wish.has(UapiFlags.IRQ_DATA_NONE)) {
      disable(PIN);
      return Status.OK;
    }
    if (active != PIN && active != NONE || wish.count() != 1) {
      return Status.fail(Errno.EINVAL, "messages are in use, or not one interrupt is meant");
    }
    if (wish.has(UapiFlags.IRQ_DATA_EVENTFD)) {
      int fd = wish.descriptor(0);
      EventCounter.Held held = fd < 0 ? null : hold(wish, fd);
      if (fd >= 0 && held == null) {
        return noEvent(wish, fd);
      }
      disconnect(PIN, 0, 1);
      events[PIN][0] = held;
      if (held == null) {
        disable(PIN);
      } else if (active == NONE) {
        active = PIN;
        line = kernel.requestLine(device, this::isAsserted, this::pinFired);
      }
      return Status.OK;
    }
    if (active != PIN) {
      return Status.fail(Errno.EINVAL, "no eventfd is set");
    }
    if (wish.means(0)) {
      signal(PIN, 0);
    }
    return Status.OK;
  }

  private boolean isAsserted() {
    PciFunction function = device.function();
    return function != null && function.isPinAsserted() && !config.disablesPin();
  }

  /** {@code vfio_intx_handler()}: a pin stays asserted, so it is masked until it was served. */
  private void pinFired() {
    if (line != null) {
      line.mask();
    }
    signal(PIN, 0);
  }

  /** {@code vfio_pci_set_intx_mask()} and {@code vfio_pci_set_intx_unmask()}. */
  private Status mask(Wish wish, boolean on) {
    Interrupts.Line asked = line;
    if (active != PIN || asked == null || wish.count() != 1) {
      return Status.fail(Errno.EINVAL, "the pin is not in use, or not one interrupt is meant");
    }
    if (wish.has(UapiFlags.IRQ_DATA_EVENTFD)) {
      return on
          ? Status.fail(Errno.ENOTTY, "an eventfd can only unmask")
          : unmaskBy(wish, wish.descriptor(0), asked);
    }
    if (wish.means(0) && on) {
      asked.mask();
    } else if (wish.means(0)) {
      asked.unmask();
    }
    return Status.OK;
  }

  private Status unmaskBy(Wish wish, int fd, Interrupts.Line asked) {
    EventCounter.Held held = fd < 0 ? null : hold(wish, fd);
    if (fd >= 0 && held == null) {
      return noEvent(wish, fd);
    }
    if (held != null && unmasking != null) {
      held.release();
      return Status.fail(Errno.EBUSY, "another eventfd unmasks the pin already");
    }
    dropUnmasking();
    unmasking = held;
    if (held != null) {
      held.onSignal(asked::unmask);
    }
    return Status.OK;
  }

  private void dropUnmasking() {
    if (unmasking != null) {
      unmasking.release();
      unmasking = null;
    }
  }

  // ---- messages, and what the kernel itself signals
  // ----------------------------------------------

  private static boolean isMessage(int index) {
    return index == MSI || index == MSIX;
  }

  private Status trigger(Wish wish) {
    int index = wish.index();
    if (wish.count() == 0 && wish.has(UapiFlags.IRQ_DATA_NONE)) {
      disable(index);
      return Status.OK;
    }
    if (isMessage(index) && active != NONE && active != index) {
      return Status.fail(Errno.EINVAL, "another kind of interrupt is in use");
    }
    if (wish.has(UapiFlags.IRQ_DATA_EVENTFD)) {
      return connect(wish);
    }
    if (isMessage(index) && active != index) {
      return Status.fail(Errno.EINVAL, "no eventfd is set");
    }
    for (int i = 0; i < wish.count(); i++) {
      if (wish.means(i)) {
        signal(index, wish.start() + i);
      }
    }
    return Status.OK;
  }

  private Status connect(Wish wish) {
    int index = wish.index();
    for (int i = 0; i < wish.count(); i++) {
      int vector = wish.start() + i;
      int fd = wish.descriptor(i);
      EventCounter.Held held = fd < 0 ? null : hold(wish, fd);
      Status status =
          fd >= 0 && held == null
              ? noEvent(wish, fd)
              : held != null && isMessage(index) ? allocate(index, vector) : Status.OK;
      if (status.failed()) {
        if (held != null) {
          held.release();
        }
        disconnect(index, wish.start(), i);
        return status;
      }
      disconnectEvent(index, vector);
      events[index][vector] = held;
      if (held == null && isMessage(index)) {
        free(vector);
      }
    }
    if (isMessage(index)) {
      active = index;
    }
    return Status.OK;
  }

  /** {@code vfio_msi_set_vector_signal()}: an interrupt of the kernel's for a vector. */
  private Status allocate(int index, int vector) {
    if (messages[vector] != null) {
      return Status.OK;
    }
    Interrupts.Allocated made = kernel.allocate(device, 1);
    if (made.status().failed()) {
      return made.status();
    }
    Interrupts.Irq irq = made.irqs().getFirst();
    String name =
        String.format(
            Locale.ROOT, "vfio-msi%s[%d](%s)", index == MSIX ? "x" : "", vector, device.address());
    Status requested = kernel.request(irq.number(), name, () -> signal(index, vector));
    messages[vector] = irq;
    tell(vector, irq);
    return requested;
  }

  private void tell(int vector, Interrupts.Irq irq) {
    PciFunction function = device.function();
    if (function != null) {
      function.setMessage(vector, irq.message().address(), irq.message().data());
    }
  }

  /** The function was reset: its messages are what they were ({@code pci_restore_msi_state()}). */
  void restore() {
    for (int vector = 0; vector < messages.length; vector++) {
      Interrupts.Irq irq = messages[vector];
      if (irq != null) {
        tell(vector, irq);
      }
    }
  }

  private void free(int vector) {
    Interrupts.Irq irq = messages[vector];
    if (irq != null) {
      PciFunction function = device.function();
      if (function != null) {
        function.silence(vector);
      }
      kernel.free(irq);
      messages[vector] = null;
    }
  }

  // ---- eventfds ---------------------------------------------------------------------------------

  private static EventCounter.@Nullable Held hold(Wish wish, int fd) {
    return EventCounter.hold(wish.arg().process(), fd);
  }

  private static Status noEvent(Wish wish, int fd) {
    return EventCounter.missing(wish.arg().process(), fd);
  }

  private void signal(int index, int vector) {
    EventCounter.Held event = events[index][vector];
    if (event != null) {
      event.signal();
    }
  }

  private void disconnectEvent(int index, int vector) {
    EventCounter.Held event = events[index][vector];
    if (event != null) {
      event.release();
      events[index][vector] = null;
    }
  }

  private void disconnect(int index, int start, int count) {
    for (int i = start; i < start + count; i++) {
      disconnectEvent(index, i);
      if (isMessage(index)) {
        free(i);
      }
    }
  }

  private void disable(int index) {
    disconnect(index, 0, events[index].length);
    if (index == PIN) {
      dropUnmasking();
      if (line != null) {
        line.free();
        line = null;
      }
    }
    active = active == index ? NONE : active;
  }

  /** All kinds are switched off: the device is closed. */
  void disableAll() {
    for (int i = 0; i < KINDS; i++) {
      disable(i);
    }
  }
}
