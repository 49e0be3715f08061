package org.iommulab.peer.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a supervisor waits for, many descriptors at once ({@code epoll(7)}). */
public final class Waiting {

  /** Something can be read. */
  public static final int READABLE = 1;

  /** The other end has gone. */
  public static final int HUNG_UP = 0x10;

  private static final int EDGE = 1 << 31;
  private static final int ADD = 1;
  private static final int REMOVE = 2;
  private static final int ROOM = 64;

  private static final int DATA_AT = Architecture.here().epollDataAt();
  private static final int EVENT_BYTES = DATA_AT + 8;

  private final Host host;
  private final int fd;
  private final MemorySegment event;
  private final MemorySegment events;
  private int count;

  /** Waits for nothing at first. */
  public Waiting(Host host) {
    this.host = host;
    fd = (int) host.call(Call.EPOLL_CREATE1, 0x80000);
    event = host.allocate(16);
    events = host.allocate((long) ROOM * EVENT_BYTES);
  }

  /** Begins to watch a descriptor for its end, and for something to read if asked. */
  public void add(int watched, boolean readable) {
    event.set(ValueLayout.JAVA_INT, 0, readable ? READABLE : 0);
    event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA_AT, watched);
    host.call(Call.EPOLL_CTL, fd, ADD, watched, event.address());
  }

  /** Begins to watch a counter: each time something is added to it is one event. */
  public void addEdge(int watched) {
    event.set(ValueLayout.JAVA_INT, 0, READABLE | EDGE);
    event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA_AT, watched);
    host.call(Call.EPOLL_CTL, fd, ADD, watched, event.address());
  }

  /** Ends watching a descriptor. */
  public void remove(int watched) {
    host.call(Call.EPOLL_CTL, fd, REMOVE, watched, event.address());
  }

  /**
   * Waits.
   *
   * @param milliseconds how long at most; -1 for ever, 0 not at all
   * @return how many descriptors have something, see {@link #fd} and {@link #events}
   */
  public int await(int milliseconds) {
    count = (int) host.call(Call.EPOLL_PWAIT, fd, events.address(), ROOM, milliseconds, 0, 8);
    return Math.max(count, 0);
  }

  /** The descriptor of the i-th event. */
  public int fd(int i) {
    return (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * EVENT_BYTES + DATA_AT);
  }

  /** What the i-th event is: {@link #READABLE}, {@link #HUNG_UP}. */
  public int events(int i) {
    return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES);
  }

  /** Ends waiting for good. */
  public void close() {
    host.close(fd);
  }
}
