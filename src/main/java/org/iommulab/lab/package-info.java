/**
 * The laboratory: a machine, the commands it executes, their journal with undo and rewind, scripts
 * and presets. May import everything below it; knows neither the command line nor the window.
 */
package org.iommulab.lab;
