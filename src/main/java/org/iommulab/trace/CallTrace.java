package org.iommulab.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the calls of one operation as a tree. Callers guard with {@link #isOn()}, so that nothing
 * is built while it is off:
 *
 * <pre>{@code
 * if (trace.isOn()) trace.enter("iommu_map").hex("iova", iova).hex("size", size);
 * ...
 * if (trace.isOn()) trace.leave(0);
 * }</pre>
 *
 * Frames beyond {@link #LIMIT} and notes beyond {@link #NOTES} are counted and dropped; the count
 * is {@link #lost()}. What is kept are the first ones, so the tree always has its root.
 */
public final class CallTrace {

  /** Most frames kept for one operation. */
  public static final int LIMIT = 20_000;

  /** Most arguments, effects and entry writes, all taken together, kept for one operation. */
  public static final int NOTES = 200_000;

  private final Deque<Building> open = new ArrayDeque<>();
  private final List<CallFrame> roots = new ArrayList<>();
  private boolean on;
  private int frames;
  private int notes;
  private int openDropped;
  private long lost;

  /** Switches recording on or off; frames already kept stay until {@link #take()}. */
  public void setOn(boolean on) {
    this.on = on;
  }

  /** Tells whether calls are recorded now. */
  public boolean isOn() {
    return on;
  }

  /** Opens a frame. Each is closed by exactly one {@code leave} or {@code fail}. */
  public CallTrace enter(String function) {
    if (frames < LIMIT) {
      frames++;
      open.push(new Building(function));
    } else {
      openDropped++;
      lost++;
    }
    return this;
  }

  /** Adds an argument shown in hexadecimal to the open frame. */
  public CallTrace hex(String name, long value) {
    return argument(new CallFrame.Argument(name, value, true, null));
  }

  /** Adds an argument shown in decimal to the open frame. */
  public CallTrace number(String name, long value) {
    return argument(new CallFrame.Argument(name, value, false, null));
  }

  /** Adds an argument shown as text to the open frame. */
  public CallTrace text(String name, String value) {
    return argument(new CallFrame.Argument(name, 0, false, value));
  }

  private CallTrace argument(CallFrame.Argument argument) {
    Building frame = noting();
    if (frame != null) {
      frame.arguments.add(argument);
    }
    return this;
  }

  /** The frame that a note belongs to; null if there is none or it is not kept. */
  private @Nullable Building noting() {
    Building frame = open.peek();
    if (frame == null || openDropped > 0) {
      return null;
    }
    if (notes >= NOTES) {
      lost++;
      return null;
    }
    notes++;
    return frame;
  }

  /** Notes something the open frame did. */
  public void effect(String effect) {
    Building frame = noting();
    if (frame != null) {
      frame.effects.add(effect);
    }
  }

  /** Notes a table entry that the open frame wrote. */
  public void wrote(String where, long address, long before, long after) {
    Building frame = noting();
    if (frame != null) {
      frame.writes.add(new CallFrame.EntryWrite(where, address, before, after));
    }
  }

  /** Closes the open frame of a function that returns nothing. */
  public void leave() {
    close(null, null, null);
  }

  /** Closes the open frame with its return value. */
  public void leave(long result) {
    close(Long.toString(result), null, null);
  }

  /** Closes the open frame with its return value in words. */
  public void leave(String result) {
    close(result, null, null);
  }

  /** Closes the open frame as failed; {@code cause} names the check that failed. */
  public void fail(String errno, @Nullable String cause) {
    close("-" + errno, errno, cause);
  }

  private void close(@Nullable String result, @Nullable String errno, @Nullable String cause) {
    if (openDropped > 0) {
      openDropped--;
      return;
    }
    Building frame = open.poll();
    if (frame == null) {
      return;
    }
    CallFrame done = frame.build(result, errno, cause);
    Building parent = open.peek();
    if (parent == null) {
      roots.add(done);
    } else {
      parent.children.add(done);
    }
  }

  /** Frames and notes dropped since the last {@link #take()}. */
  public long lost() {
    return lost;
  }

  /** Frames that are open now, those that are not kept included. */
  public int open() {
    return open.size() + openDropped;
  }

  /** Returns the finished top frames and starts afresh. */
  public List<CallFrame> take() {
    List<CallFrame> taken = List.copyOf(roots);
    roots.clear();
    open.clear();
    frames = 0;
    notes = 0;
    openDropped = 0;
    lost = 0;
    return taken;
  }

  private static final class Building {
    private final String function;
    private final List<CallFrame.Argument> arguments = new ArrayList<>();
    private final List<String> effects = new ArrayList<>();
    private final List<CallFrame.EntryWrite> writes = new ArrayList<>();
    private final List<CallFrame> children = new ArrayList<>();

    Building(String function) {
      this.function = function;
    }

    CallFrame build(@Nullable String result, @Nullable String errno, @Nullable String cause) {
      return new CallFrame(function, arguments, effects, writes, result, errno, cause, children);
    }
  }
}
