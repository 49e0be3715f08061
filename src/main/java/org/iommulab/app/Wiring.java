package org.iommulab.app;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import org.iommulab.ui.settings.Folders;

/** Makes the injector of a desktop. */
public final class Wiring {

  static {
    // The classes Guice would generate live outside our module and may not call into it; plain
    // reflection may, and starts faster.
    System.setProperty("guice_bytecode_gen_option", "DISABLED");
  }

  private Wiring() {}

  /** An injector for a desktop that keeps its files in these folders. */
  public static Injector desktop(Folders folders) {
    return Guice.createInjector(new DesktopModule(folders));
  }

  /** The same with some parts replaced, such as the clock that a preset plays by. */
  public static Injector desktop(Folders folders, Module instead) {
    return Guice.createInjector(Modules.override(new DesktopModule(folders)).with(instead));
  }
}
