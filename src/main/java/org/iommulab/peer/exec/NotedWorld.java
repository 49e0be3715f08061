package org.iommulab.peer.exec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A world whose answers are noted. */
record NotedWorld(World world, List<Answer> notes) implements World {

  @Override
  public @Nullable Area area(int pid, long address) {
    Area area = world.area(pid, address);
    notes.add(new Answer.Mapping(area));
    return area;
  }

  @Override
  public boolean read(int pid, long address, byte[] target) {
    boolean done = world.read(pid, address, target);
    notes.add(new Answer.Bytes(done ? target.clone() : null));
    return done;
  }

  @Override
  public boolean write(int pid, long address, byte[] source) {
    boolean done = world.write(pid, address, source);
    notes.add(new Answer.Done(done));
    return done;
  }

  @Override
  public void readFile(long inode, long offset, byte[] target) {
    world.readFile(inode, offset, target);
    notes.add(new Answer.Bytes(target.clone()));
  }

  @Override
  public void writeFile(long inode, long offset, byte[] source) {
    world.writeFile(inode, offset, source);
  }

  @Override
  public @Nullable Place mapping(long inode, long page, int except) {
    Place place = world.mapping(inode, page, except);
    notes.add(new Answer.At(place));
    return place;
  }

  @Override
  public @Nullable Behind behind(int thread, int fd) {
    Behind behind = world.behind(thread, fd);
    notes.add(new Answer.File(behind));
    return behind;
  }

  @Override
  public Made makeFile(boolean closeOnExec, Shape shape, long bytes) {
    Made made = world.makeFile(closeOnExec, shape, bytes);
    notes.add(new Answer.Descriptor(made));
    return made;
  }

  @Override
  public int copyEvent(int pid, int fd) {
    int copy = world.copyEvent(pid, fd);
    notes.add(new Answer.Number(copy));
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
    notes.add(new Answer.Number(bytes));
    return bytes;
  }

  @Override
  public @Nullable Boolean capable(int pid, int bit) {
    Boolean capable = world.capable(pid, bit);
    notes.add(new Answer.Perhaps(capable));
    return capable;
  }
}
