/**
 * The laboratory's language: commands, results, scripts and presets, read and written as JSON and
 * YAML.
 */
package org.iommulab.lab.script;
