package org.iommulab.linux.program;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The world as a session sees it: another one from request to request, the real one while a program
 * runs, what was kept of it when the session is repeated. Its answers are noted where they are to
 * be kept.
 */
final class Outside implements World {

  private World world = World.NOWHERE;
  private @Nullable List<Answer> notes;

  /** Asks that world from now on, and notes what it answers if there is somewhere to note it. */
  void turnTo(World to, @Nullable List<Answer> noteIn) {
    world = to;
    notes = noteIn;
  }

  /** Which world is asked now. */
  World world() {
    return world;
  }

  private void note(Supplier<Answer> answer) {
    if (notes != null) {
      notes.add(answer.get());
    }
  }

  @Override
  public @Nullable Area area(int pid, long address) {
    Area area = world.area(pid, address);
    note(() -> new Answer.Mapping(area));
    return area;
  }

  @Override
  public boolean read(int pid, long address, byte[] target) {
    boolean done = world.read(pid, address, target);
    note(() -> Answer.Bytes.of(done ? target : null));
    return done;
  }

  @Override
  public boolean write(int pid, long address, byte[] source) {
    boolean done = world.write(pid, address, source);
    note(() -> new Answer.Done(done));
    return done;
  }

  @Override
  public void readFile(long inode, long offset, byte[] target) {
    world.readFile(inode, offset, target);
    note(() -> Answer.Bytes.of(target));
  }

  @Override
  public void writeFile(long inode, long offset, byte[] source) {
    world.writeFile(inode, offset, source);
  }

  @Override
  public @Nullable Place mapping(long inode, long page, int except) {
    Place place = world.mapping(inode, page, except);
    note(() -> new Answer.At(place));
    return place;
  }

  @Override
  public @Nullable Behind behind(int thread, int fd) {
    Behind behind = world.behind(thread, fd);
    note(() -> new Answer.File(behind));
    return behind;
  }

  @Override
  public Made makeFile(boolean closeOnExec, Shape shape, long bytes) {
    Made made = world.makeFile(closeOnExec, shape, bytes);
    note(() -> new Answer.Descriptor(made));
    return made;
  }

  @Override
  public int copyEvent(int pid, int fd) {
    int copy = world.copyEvent(pid, fd);
    note(() -> new Answer.Number(copy));
    return copy;
  }

  @Override
  public void signal(int copy) {
    world.signal(copy);
  }

  @Override
  public void watch(int copy) {
    world.watch(copy);
  }

  @Override
  public void release(int copy) {
    world.release(copy);
  }

  @Override
  public long memlock(int pid) {
    long bytes = world.memlock(pid);
    note(() -> new Answer.Number(bytes));
    return bytes;
  }

  @Override
  public @Nullable Boolean capable(int pid, int bit) {
    Boolean capable = world.capable(pid, bit);
    note(() -> new Answer.Perhaps(capable));
    return capable;
  }
}
