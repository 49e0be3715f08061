/**
 * The laboratory: a machine, the commands it executes, their journal with undo and rewind, scripts
 * and presets. May import {@code lab..} and the floors below.
 */
package org.iommulab.lab;
