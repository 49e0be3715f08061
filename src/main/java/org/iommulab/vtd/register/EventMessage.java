package org.iommulab.vtd.register;

import org.iommulab.bus.MessageSink;
import org.iommulab.vtd.layout.Register;

/**
 * The message of one kind of event: FECTL, IECTL and PECTL with their data and address registers
 * behave alike. Source: vtd.md 5.5.
 */
public final class EventMessage {

  private final RegisterFile registers;
  private final MessageSink messages;
  private final int control;
  private final long pending;
  private final long masked;

  /** The event whose control register this is; data and address registers follow it. */
  public EventMessage(RegisterFile registers, MessageSink messages, Register control) {
    this.registers = registers;
    this.messages = messages;
    this.control = control.position();
    this.pending = control.field("IP").mask();
    this.masked = control.field("IM").mask();
    registers.onWrite(control, this::deliver);
  }

  /** A condition came up and none was there before. */
  public void raise() {
    registers.change32(control, pending, pending);
    deliver();
  }

  /** No condition is left: a held message is given up. */
  public void conditionsGone() {
    registers.change32(control, pending, 0);
  }

  /** A message that is held may go as soon as software unmasks it. */
  private void deliver() {
    int state = registers.get32(control);
    if ((state & pending) == 0 || (state & masked) != 0) {
      return;
    }
    registers.change32(control, pending, 0);
    long address =
        registers.get32(control + 8) & 0xFFFF_FFFFL | (long) registers.get32(control + 12) << 32;
    messages.deliver(address, registers.get32(control + 4));
  }
}
