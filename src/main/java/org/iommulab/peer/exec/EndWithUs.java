package org.iommulab.peer.exec;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.iommulab.peer.host.Starter;

/**
 * While this is open a program ends with the laboratory, when that is asked to end: nobody could
 * answer its calls any more. It is asked first, and killed after a while.
 */
final class EndWithUs implements AutoCloseable {

  /** What is asked to end has so long for it. */
  private static final int PATIENCE_MS = 2_000;

  private static final int REST_MS = 50;
  private static final int LAST_TRIES = 100;

  private final Starter starter;
  private final Runnable letGo;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook = new Thread(this::endAll, "program's end");

  /**
   * For a program that is being started.
   *
   * @param letGo lets calls pass that are held
   */
  EndWithUs(Starter starter, Runnable letGo) {
    this.starter = starter;
    this.letGo = letGo;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException isEnding) {
      Thread.ofPlatform().daemon().name("program's end").start(this::endAll);
    }
  }

  private void endAll() {
    try {
      letGo.run();
      starter.end(false);
      boolean gone = over.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
      for (int i = 0; i < LAST_TRIES && !gone; i++) {
        starter.end(true);
        gone = over.await(REST_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The program has ended. */
  @Override
  public void close() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException isEnding) {
      // It has nothing left to do.
    }
  }
}
