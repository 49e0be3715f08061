package org.iommulab.linux.program;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The world of a session that is repeated: what it answered then, in the same order. */
final class RecordedWorld implements World {

  private final Deque<Answer> answers = new ArrayDeque<>();

  /** What was learned while the next request was carried out. */
  void set(List<Answer> learned) {
    answers.clear();
    answers.addAll(learned);
  }

  /** Tells whether everything was asked for again. */
  boolean isUsedUp() {
    return answers.isEmpty();
  }

  private <T extends Answer> T next(Class<T> kind) {
    Answer answer = answers.poll();
    if (!kind.isInstance(answer)) {
      throw new Session.Mismatch(
          "our kernel asks for another thing than it did then ("
              + kind.getSimpleName()
              + (answer == null
                  ? ", where nothing is left)"
                  : ", not " + answer.getClass().getSimpleName() + ")"));
    }
    return kind.cast(answer);
  }

  private boolean bytes(byte[] target) {
    KeptBytes bytes = next(Answer.Bytes.class).bytes();
    if (bytes != null && bytes.length() != target.length) {
      throw new Session.Mismatch(
          "our kernel reads " + target.length + " bytes, not " + bytes.length());
    }
    if (bytes != null) {
      System.arraycopy(bytes.get(), 0, target, 0, target.length);
    }
    return bytes != null;
  }

  @Override
  public @Nullable Area area(int pid, long address) {
    return next(Answer.Mapping.class).area();
  }

  @Override
  public boolean read(int pid, long address, byte[] target) {
    return bytes(target);
  }

  @Override
  public boolean write(int pid, long address, byte[] source) {
    return next(Answer.Done.class).yes();
  }

  @Override
  public void readFile(long inode, long offset, byte[] target) {
    bytes(target);
  }

  @Override
  public void writeFile(long inode, long offset, byte[] source) {}

  @Override
  public @Nullable Place mapping(long inode, long page, int except) {
    return next(Answer.At.class).place();
  }

  @Override
  public @Nullable Behind behind(int thread, int fd) {
    return next(Answer.File.class).behind();
  }

  @Override
  public Made makeFile(boolean closeOnExec, Shape shape, long bytes) {
    return next(Answer.Descriptor.class).made();
  }

  @Override
  public int copyEvent(int pid, int fd) {
    return (int) next(Answer.Number.class).value();
  }

  @Override
  public void signal(int copy) {}

  @Override
  public void watch(int copy) {}

  @Override
  public void release(int copy) {}

  @Override
  public long memlock(int pid) {
    return next(Answer.Number.class).value();
  }

  @Override
  public @Nullable Boolean capable(int pid, int bit) {
    return next(Answer.Perhaps.class).yes();
  }
}
